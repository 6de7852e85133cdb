// A headless Chromium, and a server of cross-origin isolated pages for it.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import puppeteer from 'puppeteer';
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };
const LIMIT_MS = 120_000;

async function serve(folder) {
  const server = createServer(async ({ url }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://a').pathname));
    const file = join(folder, path.endsWith('/') ? 'index.html' : path);
    try {
      const content = await readFile(file);
      response.writeHead(200, {
        'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      });
      response.end(content);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export class Browser {
  #browser = puppeteer.launch({
    executablePath: findChromium(),
    headless: true,
    args: chromiumArguments(),
    pipe: true,
    protocolTimeout: LIMIT_MS,
  });

  /**
   * What functions of a page return, by their names in `globalThis`; with how many scripts it loaded.
   *
   * @param {{ folder: string } | { url: string, close(): Promise<void> }} built to serve, or served already
   * @param {readonly string[]} names
   * @throws Error with what the page says of itself
   */
  async open(built, names) {
    const server = built.url ? built : await serve(built.folder);
    const page = await (await this.#browser).newPage();
    const problems = [];
    const scripts = new Set();
    page.on('pageerror', (error) => problems.push(error.message));
    // Of a Worker too: that it was loaded twice, say.
    page.on('console', (message) => {
      if (message.text().startsWith('gatefold')) problems.push(message.text());
    });
    page.on('requestfailed', (request) => problems.push(`not loaded: ${request.url()}`));
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (response.status() >= 400 && pathname !== '/favicon.ico')
        problems.push(`HTTP ${response.status()}: ${pathname}`);
      if (response.request().resourceType() === 'script') scripts.add(pathname);
    });
    try {
      await page.goto(server.url, { timeout: LIMIT_MS });
      const results = {};
      for (const name of names) {
        await page.waitForFunction(`globalThis.${name}`, { timeout: LIMIT_MS / 4 });
        results[name] = await page.evaluate((called) => globalThis[called](), name);
      }
      if (problems.length > 0) throw new Error('it ended well, but said:');
      return { results, scripts: scripts.size };
    } catch (error) {
      throw new Error([error.message, ...problems].join('\n'), { cause: error });
    } finally {
      await page.close();
      await server.close();
    }
  }

  async close() {
    await (await this.#browser).close();
  }
}

/** One headless Chromium, a page for each contender. */
import puppeteer from 'puppeteer-core';
import type { Page } from 'puppeteer-core';
import { chromiumArguments, findChromium, missingChromium } from '../../scripts/chromium.mjs';
import type { Host, RemoteSession } from './host.ts';
import { serve } from './server.ts';

/** The slowest single answer that is waited for: a first step that compiles a loop of hundreds of steps. */
const ANSWER_MS = 15 * 60_000;

/** Calls `bench.NAME(...args)` in the page. */
function call<T>(page: Page, name: string, ...args: unknown[]): Promise<T> {
  return page.evaluate(
    (method, given) =>
      (globalThis as unknown as { bench: Record<string, (...args: unknown[]) => T> }).bench[method](
        ...given,
      ),
    name,
    args,
  );
}

/**
 * Hot functions are compiled again and again, and code counts as heap: where memory is measured, V8 only interprets, and
 * what it learns of a function it lays out at once.
 */
const PLAIN_HEAP =
  '--js-flags=--no-opt --no-maglev --no-sparkplug --no-lazy-feedback-allocation --no-flush-bytecode';

/**
 * @param page folder of the built page
 * @param packages the contenders' node_modules
 * @param chromium arguments besides those that give it WebGPU
 */
export async function browserHost(
  page: string,
  packages: string,
  chromium: readonly string[] = [],
): Promise<Host> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(missingChromium());
  const server = await serve(page, packages);
  const browser = await puppeteer.launch({
    executablePath,
    headless: true,
    args: [...chromiumArguments(), ...chromium],
    // Through a pipe, Chromium ends when this process does, however it ends.
    pipe: true,
    handleSIGINT: false,
    protocolTimeout: ANSWER_MS,
  });

  async function load(page: Page): Promise<Page> {
    if (process.env.GATEFOLD_BENCH_CONSOLE)
      page.on('console', (message) => console.error(`  [page] ${message.text()}`));
    await page.goto(`${server.url}/page.html`);
    await page.waitForFunction('globalThis.bench !== undefined');
    return page;
  }

  return {
    runtime: await browser.version(),

    async session(): Promise<RemoteSession> {
      const page = await load(await browser.newPage());
      const crashed = new Promise<never>((_, reject) => {
        page.once('error', (error) => reject(new Error(`the page crashed: ${error.message}`)));
      });
      crashed.catch(() => undefined);
      const ask = <T>(name: string, ...args: unknown[]) =>
        Promise.race([call<T>(page, name, ...args), crashed]);
      return {
        open: (...args) => ask('open', ...args),
        run: (limits) => ask('run', limits),
        output: () => ask('output'),
        facts: () => ask('facts'),
        async heap() {
          const client = await page.createCDPSession();
          try {
            // Finalizers of one collection free what the next one finds.
            for (let i = 0; i < 3; i++) await client.send('HeapProfiler.collectGarbage');
            return (await client.send('Runtime.getHeapUsage')).usedSize;
          } finally {
            await client.detach();
          }
        },
        close: () => page.close(),
      };
    },

    async cold(contender, workload) {
      const context = await browser.createBrowserContext();
      try {
        return await call(await load(await context.newPage()), 'cold', contender, workload);
      } finally {
        await context.close();
      }
    },

    forMemory: () => browserHost(page, packages, [PLAIN_HEAP]),

    async close() {
      await browser.close();
      server.close();
    },
  };
}

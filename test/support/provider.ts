/**
 * Runs Vitest's browser mode in the installed Chromium through puppeteer: a browser with one page for each worker, since the
 * pages of a browser share a GPU process, whose main thread compiles all shaders. It offers no user events, no screenshots and no
 * mocking.
 */
import { defineBrowserProvider } from '@vitest/browser';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import type { BrowserProviderOption } from 'vitest/node';
import { chromiumArguments, findChromium, missingChromium } from '../../scripts/chromium.mjs';

/** A slow machine may take this long to start Chromium or to open the page of a test run. */
const START_MS = 120_000;

async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(missingChromium());
  return puppeteer.launch({
    executablePath,
    headless: true,
    args: [
      ...chromiumArguments(),
      // Tests ask for garbage to be collected.
      '--js-flags=--expose-gc',
      // A sixth of the time in which SwiftShader compiles a kernel is that of code which fills workgroup memory with zeros.
      '--enable-dawn-features=disable_workgroup_init',
    ],
    // Through a pipe, Chromium ends when this process does, however it ends.
    pipe: true,
    timeout: START_MS,
    protocolTimeout: START_MS,
  });
}

export function chromium(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'puppeteer',
    supportedBrowser: ['chromium'],
    providerFactory() {
      const browsers: Promise<Browser>[] = [];
      const pages = new Map<string, Page>();
      return {
        name: 'puppeteer',
        supportsParallelism: true,
        getCommandsContext: (sessionId) => ({ page: pages.get(sessionId) }),
        async openPage(sessionId, url) {
          const browser = launch();
          browsers.push(browser);
          const page = await (await browser).newPage();
          pages.set(sessionId, page);
          page.on('error', (error) => console.error(`the test page crashed: ${error.message}`));
          await page.goto(url, { timeout: START_MS });
        },
        async close() {
          await Promise.all(browsers.splice(0).map(async (browser) => (await browser).close()));
          pages.clear();
        },
      };
    },
  });
}

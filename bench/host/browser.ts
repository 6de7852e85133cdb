/** A headless Chromium with a page for each contender. */
import puppeteer from 'puppeteer';
import type { Page } from 'puppeteer';
import { chromiumArguments, findChromium, missingChromium } from '../../scripts/chromium.mjs';
import { PLAIN_HEAP_FLAGS } from './host.ts';
import type { Host, RemoteSession } from './host.ts';
import { serve } from './server.ts';

/** How long to wait for a single answer: a first step may compile a loop of hundreds of steps. */
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

const PLAIN_HEAP = `--js-flags=${PLAIN_HEAP_FLAGS.join(' ')}`;

/**
 * @param page the folder of the built page
 * @param packages the node_modules of the contenders
 * @param chromium arguments in addition to those for WebGPU
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
    // With a pipe, Chromium ends when this process ends, whatever the reason.
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
        async heap(collected = true) {
          const client = await page.createCDPSession();
          try {
            // Objects that finalizers of one collection release are only freed by the next one.
            for (let i = 0; collected && i < 3; i++)
              await client.send('HeapProfiler.collectGarbage');
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

/** The gallery as files on a server, and a browser that visits it. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import puppeteer from 'puppeteer';
import type { Browser, BrowserContext, Page } from 'puppeteer';
import { VOICES } from '../../demo/keyword/words.ts';
import { inventRecordings } from '../../examples/spoken/recordings.ts';
import { SAMPLE_RATE } from '../../examples/spoken/synthesizer.ts';
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs';
import { encodeWav } from '../../src/audio/index.ts';
import { folder, node, printed, removeFolder } from './run.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.txt': 'text/plain; charset=utf-8',
};
const LIMIT_MS = 120_000;

/** What the browser's microphone hears, again and again: "yes" and a pause, by a made-up voice. @returns the path */
async function writeSpeech(path: string): Promise<string> {
  const { samples } = inventRecordings({ yes: VOICES.yes }, 1)[0];
  const pause = 0.5 * SAMPLE_RATE;
  // Browsers ask for six times as many samples; in between are straight lines.
  const sound = Float32Array.from({ length: 6 * (samples.length + pause) }, (_, i) => {
    const [before, part] = [Math.floor(i / 6), (i % 6) / 6];
    return (1 - part) * (samples[before] ?? 0) + part * (samples[before + 1] ?? 0);
  });
  await writeFile(path, encodeWav({ sampleRate: 6 * SAMPLE_RATE, channels: [sound] }));
  return path;
}

/** How free a page was for some time. */
export interface Freedom {
  readonly framesPerSecond: number;
  /** Of its main thread: by the clock, with all waiting for a busy machine, and what it computed itself. */
  readonly longestTask: { readonly wallMs: number; readonly cpuMs: number };
}

export interface Cost {
  readonly firstPaintMs: number;
  readonly firstStepMs: number;
  /** All that was loaded but for data, gzipped as a server would. */
  readonly kilobytes: number;
}

/** What a trace of Chromium says of an event; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

/** The longest of the tasks of a page's main thread between its marks `begin` and `end`. */
function longestTask(events: readonly TraceEvent[]): Freedom['longestTask'] {
  const [begin, end] = ['begin', 'end'].map((name) => events.find((one) => one.name === name)!);
  const tasks = events.filter(
    ({ name, pid, tid, ts }) =>
      /RunTask$/.test(name) &&
      pid === begin.pid &&
      tid === begin.tid &&
      ts > begin.ts &&
      ts < end.ts,
  );
  const longest = (time: 'dur' | 'tdur') =>
    Math.round(tasks.reduce((most, task) => Math.max(most, task[time] ?? 0), 0) / 1000);
  return { wallMs: longest('dur'), cpuMs: longest('tdur') };
}

export class GalleryTab {
  private readonly page: Page;
  private readonly problems: string[] = [];
  readonly warnings: string[] = [];
  private readonly loaded = new Set<string>();
  private readonly out: string;
  private readonly opened = performance.now();
  private firstStep = 0;

  constructor(page: Page, out: string) {
    this.page = page;
    this.out = out;
    page.on('console', (message) => {
      if (message.type() === 'warn') this.warnings.push(message.text());
    });
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('requestfailed', (request) => {
      // What a page asks for may be cut off when it is left; what cannot be had fails otherwise.
      const reason = request.failure()?.errorText;
      if (reason !== 'net::ERR_ABORTED')
        this.problems.push(`not loaded: ${request.url()}, ${reason}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400)
        this.problems.push(`not loaded: ${response.url()}, ${response.status()}`);
    });
    page.on('requestfinished', (request) => this.loaded.add(new URL(request.url()).pathname));
    page.on('workercreated', (worker) => this.loaded.add(new URL(worker.url()).pathname));
  }

  async goto(address: string): Promise<this> {
    await this.page.goto(address);
    return this;
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  evaluate(code: string): Promise<unknown> {
    return this.page.evaluate(code);
  }

  async text(selector: string): Promise<string> {
    const found = await this.evaluate(
      `document.querySelector(${JSON.stringify(selector)})?.textContent.trim() ?? ''`,
    );
    return found as string;
  }

  /** @param key as `KeyboardEvent.key` */
  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key as never);
  }

  /** A press that the page takes for the reader's own, as sound needs it. */
  async click(selector: string): Promise<void> {
    await this.page.locator(selector).setTimeout(LIMIT_MS).click();
  }

  async clickText(text: string): Promise<void> {
    await this.page.locator(`button::-p-text(${text})`).setTimeout(LIMIT_MS).click();
  }

  /** Presses the pointer in an element and moves it; places in parts of its size. */
  async drag(
    selector: string,
    places: readonly (readonly [x: number, y: number])[],
  ): Promise<void> {
    const element = (await this.page.waitForSelector(selector))!;
    await element.scrollIntoView();
    const box = (await element.boundingBox())!;
    const { mouse } = this.page;
    for (const [i, [x, y]] of places.entries()) {
      await mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: i === 0 ? 1 : 10 });
      if (i === 0) await mouse.down();
    }
    await mouse.up();
  }

  /** The text of an element that is still to come. */
  async appears(selector: string): Promise<string> {
    await this.page.waitForSelector(selector, { timeout: LIMIT_MS });
    return this.text(selector);
  }

  /** Of the page within the page; '' where there is none. */
  async inner(selector: string): Promise<string> {
    const frame = this.page.frames().find((one) => one.parentFrame() !== null);
    const text = frame?.$eval(selector, (element) => element.textContent ?? '');
    return (await text?.catch(() => '')) ?? '';
  }

  async inWorker(code: string): Promise<void> {
    const [worker] = this.page.workers();
    await worker.evaluate(code);
  }

  /**
   * Waits until something holds.
   *
   * @param patient where the page is to say that something is wrong
   * @throws Error with what the page says where it never does
   */
  async until(holds: () => Promise<boolean>, what: string, patient = false): Promise<void> {
    const begun = performance.now();
    while (!(await holds())) {
      const alert = await this.text('[role=alert]');
      const problems = [...this.problems, ...(alert ? [alert] : [])];
      if ((problems.length > 0 && !patient) || performance.now() - begun > LIMIT_MS)
        throw new Error(`expected ${what}, got ${problems.join('; ') || 'nothing'}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    if (this.firstStep === 0 && /^step/.test(what))
      this.firstStep = performance.now() - this.opened;
  }

  /** Goes along the time in every frame, as a held arrow key would, and says how free the page was meanwhile. */
  async scrub(milliseconds: number): Promise<Freedom> {
    await this.page.tracing.start({ categories: ['toplevel', 'blink.user_timing'] });
    const frames = await this.evaluate(`new Promise((resolve) => {
      performance.mark('begin');
      const begun = performance.now();
      let frames = 0;
      const next = () => {
        if (performance.now() - begun > ${milliseconds}) {
          performance.mark('end');
          resolve(frames);
          return;
        }
        frames++;
        const scrub = document.querySelector('[data-scrub]');
        if (scrub.value === scrub.min) scrub.value = scrub.max;
        else scrub.stepDown();
        scrub.dispatchEvent(new Event('input', { bubbles: true }));
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    })`);
    const trace = (await this.page.tracing.stop())!;
    const { traceEvents } = JSON.parse(new TextDecoder().decode(trace));
    return {
      framesPerSecond: Math.round((1000 * (frames as number)) / milliseconds),
      longestTask: longestTask(traceEvents as TraceEvent[]),
    };
  }

  async cost(): Promise<Cost> {
    const paint = await this.evaluate(
      `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN`,
    );
    const scripts = [...this.loaded].filter((path) => !path.startsWith('/data/'));
    const sizes = scripts.map(async (path) => {
      const file = join(this.out, path.endsWith('/') ? `${path}index.html` : path);
      return gzipSync(await readFile(file), { level: 9 }).byteLength;
    });
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    return {
      firstPaintMs: Math.round(paint as number),
      firstStepMs: Math.round(this.firstStep),
      kilobytes: Math.round(bytes / 1000),
    };
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

export class Gallery {
  private readonly server: Server;
  private readonly browser: Browser;
  private readonly out: string;
  /** Whether the server answers at all, and what it answers beside. */
  readonly answers = {
    down: false,
    headers: {} as Record<string, string>,
    /** Runs in workers before their own code. */
    inWorkers: '',
  };

  private constructor(server: Server, browser: Browser, out: string) {
    this.server = server;
    this.browser = browser;
    this.out = out;
  }

  /** Builds the gallery by its command, serves it and starts a browser. */
  static async build(): Promise<Gallery> {
    const out = join(folder, 'gallery');
    printed(await node('scripts/demo.mjs', 'build', '--out', out));
    const server = createServer((request, response) => {
      const { down, headers, inWorkers } = gallery.answers;
      if (down) {
        request.socket.destroy();
        return;
      }
      const path = normalize(decodeURIComponent(new URL(request.url!, 'http://a').pathname));
      const file = join(out, path.endsWith('/') ? `${path}index.html` : path);
      readFile(file).then(
        (content) => {
          const type = TYPES[extname(file)] ?? 'application/octet-stream';
          response.writeHead(200, { 'Content-Type': type, ...headers });
          if (/\/worker-[^/]*\.js$/.test(path)) response.write(inWorkers);
          response.end(content);
        },
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await puppeteer.launch({
      executablePath: findChromium() as string,
      headless: true,
      args: [
        ...chromiumArguments(),
        ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
        `--use-file-for-fake-audio-capture=${await writeSpeech(join(folder, 'speech.wav'))}`,
      ],
      pipe: true,
      protocolTimeout: LIMIT_MS,
    });
    const gallery = new Gallery(server, browser, out);
    return gallery;
  }

  /** A browser that has never been here, and forgets that it was. */
  stranger(): Promise<BrowserContext> {
    return this.browser.createBrowserContext();
  }

  /** @param path within the gallery, or a whole address */
  async open(
    path: string,
    {
      width = 1280,
      scheme = 'light',
      by = this.browser.defaultBrowserContext(),
    }: { width?: number; scheme?: 'light' | 'dark'; by?: BrowserContext } = {},
  ): Promise<GalleryTab> {
    const page = await by.newPage();
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    const { port } = this.server.address() as AddressInfo;
    return new GalleryTab(page, this.out).goto(new URL(path, `http://127.0.0.1:${port}/`).href);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
    this.server.closeAllConnections();
    removeFolder();
  }
}

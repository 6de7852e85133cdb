/**
 * The gallery, built and served as its users get it, in a real browser: each page trains, shows the numbers that the library gives for the same
 * seed, is restored by its link, can be used with the keyboard alone, and passes axe-core.
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setDevice, wasm } from '../../src/index.ts';
import type { Lesson } from '../../demo/frame/lesson.ts';
import { defaultsOf } from '../../demo/frame/settings.ts';
import { PAGES } from '../../demo/pages.ts';
import { lesson as amplifier } from '../../demo/amplifier/lesson.ts';
import { lesson as caption } from '../../demo/caption/lesson.ts';
import { lesson as characters } from '../../demo/characters/lesson.ts';
import { lesson as counting } from '../../demo/counting/lesson.ts';
import { lesson as forecast } from '../../demo/forecast/lesson.ts';
import { lesson as gradients } from '../../demo/gradients/lesson.ts';
import { lesson as handwriting } from '../../demo/handwriting/lesson.ts';
import { lesson as keyword } from '../../demo/keyword/lesson.ts';
import { lesson as language } from '../../demo/language/lesson.ts';
import { lesson as memory } from '../../demo/memory/lesson.ts';
import { lesson as music } from '../../demo/music/lesson.ts';
import { lesson as sentiment } from '../../demo/sentiment/lesson.ts';
import { lesson as sine } from '../../demo/sine/lesson.ts';
import { lesson as slots } from '../../demo/slots/lesson.ts';
import { lesson as translate } from '../../demo/translate/lesson.ts';
import { lesson as zoo } from '../../demo/zoo/lesson.ts';
import { DATA } from '../../demo/data.mjs';
import { lesson as vectors } from '../../demo/vectors/lesson.ts';
import { Gallery } from './gallery_browser.ts';
import type { GalleryTab } from './gallery_browser.ts';
import { path } from './run.ts';

const LESSONS = {
  ...{ memory, sine, gradients, counting, language, sentiment, slots, vectors, characters },
  ...{ forecast, translate, caption, handwriting, music, keyword, amplifier, zoo },
} as unknown as Record<string, Lesson<never>>;
/** Steps that are compared. A browser and Node may round differently, and training makes more of it. */
const [STEPS, TOLERANCE] = [12, 0.01];

let gallery: Gallery;
beforeAll(async () => {
  gallery = await Gallery.build();
}, 120_000);
afterAll(() => gallery.close());

/** What a page says of its training: `LSTM: step 12, loss 0.123.` */
function statusOf(text: string): { step: number; loss: number } {
  const [, step, loss] = /step (\d+)(?:, loss ([\d.e-]+?))?[.,]? /.exec(`${text} `) ?? [];
  return { step: Number(step), loss: Number(loss) };
}
const status = (tab: GalleryTab) => tab.text('[data-status]');
const reached = (tab: GalleryTab, step: number) =>
  tab.until(async () => statusOf(await status(tab)).step >= step, `step ${step}`);

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What axe-core finds wrong with the page as it is now. */
async function violations(tab: GalleryTab): Promise<string[]> {
  await tab.evaluate(AXE);
  return (await tab.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target).join(' ')))`,
  )) as string[];
}

it('the first page shows every other one, and axe-core finds nothing wrong', async () => {
  const tab = await gallery.open('');
  const folders = await tab.evaluate(
    `[...document.querySelectorAll('.card')].map((card) => card.getAttribute('href'))`,
  );
  expect(folders).toEqual(PAGES.map(({ folder }) => `${folder}/`));
  expect(await violations(tab)).toEqual([]);
  // Such as those of packages that were built for development.
  expect(tab.warnings).toEqual([]);
  await tab.close();
});

// A page is opened three times for all of this: opening is what takes the time.
describe.each(Object.entries(LESSONS))('the page %s', (name, lesson) => {
  let tab: GalleryTab;
  /** The losses of the first steps, as the library gives them. */
  const losses: number[] = [];
  const open = (hash: string) => gallery.open(`${name}/#device=wasm&${hash}`);
  beforeAll(async () => {
    tab = await open(`steps=${STEPS}`);
  });
  afterAll(() => tab.close());

  it('trains, and shows the numbers that the library gives for the same seed', async () => {
    await reached(tab, 1);
    setDevice(await wasm());
    await lesson.load?.((file) => DATA[file]());
    const values = defaultsOf(lesson.settings);
    const network = lesson.program.build(values);
    for (let step = 0; step < STEPS; step++) {
      const { x, y } = lesson.program.batch(values, step);
      losses.push((await network.trainOnBatch(x, y)).loss);
    }
    network.dispose();

    await reached(tab, STEPS);
    const shown = statusOf(await status(tab));
    expect(shown.step).toBe(STEPS);
    expect(Math.abs(shown.loss / losses[STEPS - 1] - 1)).toBeLessThan(TOLERANCE);
    expect(await tab.text('pre code')).toContain('export function build');
    expect(await violations(tab)).toEqual([]);
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(1280);
  });

  it('stays free while it trains and the reader goes along the time, and its loss falls', async () => {
    const idle = await tab.scrub(300);
    await tab.press(' ');
    await reached(tab, STEPS + 1);
    const busy = await tab.scrub(1000);
    const cost = await tab.cost();
    console.log(`${name}: ${JSON.stringify({ ...cost, idle, busy })}`);
    // Times by the clock are for the log, since the machine may be busy; what the page computes is its own. A size is a size.
    expect(busy.longestTask.cpuMs).toBeLessThan(50);
    expect(busy.framesPerSecond).toBeGreaterThan(0.1 * idle.framesPerSecond);
    expect(cost.kilobytes).toBeLessThan(250);
    await tab.until(async () => statusOf(await status(tab)).loss < 0.9 * losses[0], 'a lower loss');
    expect(await violations(tab)).toEqual([]);
    await tab.press(' ');
    await tab.until(async () => (await tab.text('button.main')) === 'Train', 'a pause');
  });

  it('is restored by its link; dark and narrow it has nothing that axe-core finds wrong', async () => {
    const narrow = { width: 390, scheme: 'dark' } as const;
    const first = await gallery.open(`${name}/#device=wasm&seed=7&steps=5`, narrow);
    await reached(first, 5);
    const [text, address] = [await status(first), await first.evaluate('location.hash')];
    expect(address).toContain('seed=7');
    const again = await gallery.open(`${name}/${address as string}`);
    await reached(again, 5);
    expect(await status(again)).toBe(text);
    await again.close();
    expect(await violations(first)).toEqual([]);
    expect(await first.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await first.press(' ');
    await reached(first, 6);
    expect(await violations(first)).toEqual([]);
    await first.close();
  });

  it('is used with the keyboard alone: space, full stop, arrows', async () => {
    await tab.evaluate('history.replaceState(null, "", "#device=wasm")');
    await tab.reload();
    await tab.until(async () => /step 0/.test(await status(tab)), 'the first view');
    await tab.press('.');
    await reached(tab, 1);
    await tab.press(' ');
    await reached(tab, 3);
    await tab.press(' ');
    await tab.until(async () => (await tab.text('button.main')) === 'Train', 'a pause');
    const place = () => tab.evaluate(`document.querySelector('[data-scrub]').value`);
    const before = await place();
    await tab.press(before === '1' ? 'ArrowRight' : 'ArrowLeft');
    await tab.until(async () => (await place()) !== before, 'another place');
  });
});

it('finds the unit that follows a mark, shows weights with gradients, and links with small weights', async () => {
  const tab = await gallery.open('counting/#device=wasm&steps=5&mark=3-8');
  await reached(tab, 5);
  const follower = () => tab.text('[data-follower]');
  await tab.until(async () => /correlation .* is -?0\.\d\d/.test(await follower()), 'a follower');
  await tab.evaluate(`document.querySelector('[data-weights] > summary').click()`);
  await tab.until(async () => /comes with the next step/.test(await tab.text('.pair')), 'weights');
  await tab.press('.');
  await reached(tab, 6);
  await tab.until(async () => /gradient of/.test(await tab.text('.pair')), 'gradients');
  expect(await violations(tab)).toEqual([]);

  await tab.evaluate(
    `navigator.clipboard.writeText = async (text) => { globalThis.copied = text; }`,
  );
  await tab.evaluate(
    `[...document.querySelectorAll('button')].find((one) => /Copy a link/.test(one.textContent)).click()`,
  );
  await tab.until(async () => (await tab.evaluate('globalThis.copied')) !== undefined, 'a link');
  const link = (await tab.evaluate('new URL(copied).hash')) as string;
  expect(new URLSearchParams(link.slice(1)).get('from')).toBe('6');
  const again = await gallery.open(`counting/${link}`);
  await reached(again, 0);
  const numbers = `[document.querySelector('[data-follower]')?.textContent, document.querySelector('.scrub output')?.textContent].join()`; // prettier-ignore
  await tab.until(
    async () => (await again.evaluate(numbers)) === (await tab.evaluate(numbers)),
    'the same numbers',
  );
  expect(await status(again)).toMatch(/^LSTM: step 6/);
  await tab.close();
  await again.close();
});

it('a page goes on with its defaults where the address makes no sense', async () => {
  const tab = await gallery.open('sine/#units=nonsense&cell=__proto__&learningRate=-1&steps=2');
  await reached(tab, 2);
  expect(await tab.text('[role=alert]')).toBe('');
  await tab.close();
});

it('a visited page and the first one work without a network, and one that was not says so', async () => {
  const by = await gallery.stranger();
  const tab = await gallery.open('zoo/#device=wasm', { by });
  await tab.until(async () => (await tab.text('#offline')) !== '', 'what is needed to be kept');
  await tab.close();
  gallery.answers.down = true;
  try {
    const again = await gallery.open('zoo/#device=wasm&steps=2', { by });
    await reached(again, 2);
    await again.close();
    const first = await gallery.open('', { by });
    expect(await first.evaluate(`document.querySelectorAll('.card').length`)).toBe(PAGES.length);
    await first.close();
    const other = await gallery.open('sine/', { by });
    expect(await other.text('h1')).toBe('This page was not visited yet');
    await other.close();
  } finally {
    gallery.answers.down = false;
    await by.close();
  }
});

it('a page trains without WebAssembly, and says why it is slow', async () => {
  const by = await gallery.stranger();
  // Scripts of this address, and no code that is compiled from bytes.
  gallery.answers.headers = { 'Content-Security-Policy': "script-src 'self'" };
  try {
    const tab = await gallery.open('zoo/#device=wasm&steps=2', { by });
    await reached(tab, 2);
    expect(await tab.text('.intro')).toMatch(
      /plain JavaScript, which is slow, since: .*WebAssembly/s,
    );
    expect(await tab.text('[role=alert]')).toBe('');
    await tab.close();
  } finally {
    gallery.answers.headers = {};
    await by.close();
  }
});

it('the page keyword learns a word from the microphone, and hears it', async () => {
  const tab = await gallery.open('keyword/#device=wasm');
  const recordings = () => tab.text('.spoken li');
  for (const count of [1, 2]) {
    await tab.click('[data-record=yes]');
    await tab.until(async () => (await recordings()).includes(`${count} of yours`), 'a recording');
  }
  await tab.click('button.main');
  await reached(tab, 100);
  await tab.click('.listen');
  await tab.until(async () => /yes/.test(await tab.text('[data-heard]')), 'the word to be heard');
  await tab.close();
});

it('the page amplifier plays through the network, in the audio thread', async () => {
  const tab = await gallery.open('amplifier/#device=wasm&steps=2');
  await reached(tab, 2);
  await tab.click('[data-play="the network"]');
  await tab.until(
    async () =>
      /network: [1-9]\d* s, .* of real time at 48000/.test(await tab.text('[data-playing]')),
    'sound',
  );
  await tab.close();
});

it('the page music plays, beat by beat', async () => {
  const tab = await gallery.open('music/#device=wasm');
  await tab.click('.play');
  const beat = async () =>
    Number(await tab.evaluate(`document.querySelector('[data-scrub]').value`));
  await tab.until(async () => (await beat()) > 2, 'the third beat');
  await tab.click('.play');
  await tab.until(async () => (await tab.text('.play')) === 'Play', 'silence');
  await tab.close();
});

it('a page says that its GPU was lost, and goes on with another one', async () => {
  const by = await gallery.stranger();
  gallery.answers.inWorkers = `
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...given) {
      return (globalThis.gpu = await request.apply(this, given));
    };\n`;
  try {
    const tab = await gallery.open('sine/#device=webgpu&steps=2', { by });
    await reached(tab, 2);
    await tab.press(' ');
    await reached(tab, 3);
    await tab.inWorker('gpu.destroy()');
    expect(await tab.appears('[role=alert]')).toMatch(
      /the GPU device was lost.*[^.]\. Press “Start again”/s,
    );
    expect(await tab.text('button.main')).toBe('Train');
    expect(await violations(tab)).toEqual([]);
    await tab.clickText('Start again');
    // The page says what went wrong until it has taken the press.
    await tab.until(async () => /step 0/.test(await status(tab)), 'the beginning', true);
    await tab.click('button.main');
    await reached(tab, 3);
    expect(await tab.text('[role=alert]')).toBe('');
    await tab.close();
  } finally {
    gallery.answers.inWorkers = '';
    await by.close();
  }
});

it('the page caption takes what is put into the picture, by a key and by a pointer', async () => {
  const tab = await gallery.open('caption/#device=wasm&scene=');
  await tab.appears('.cells button');
  await tab.evaluate(`document.querySelector('.cells button[aria-label="at top left"]').focus()`);
  await tab.press('Enter');
  const picture = async () =>
    String(await tab.evaluate(`document.querySelector('.pixels').getAttribute('aria-label')`));
  await tab.until(
    async () => /The picture: small yellow cross 26 26$/.test(await picture()),
    'a cross',
  );
  await tab.drag('.board', [[0.7, 0.4]]);
  await tab.until(
    async () => /26 26, small yellow cross (69|70|71) (39|40|41)$/.test(await picture()),
    'another cross, where the pointer was',
  );
  expect(await tab.evaluate('location.hash')).toMatch(/scene=small\+yellow\+cross\+26\+26/);
  await tab.close();
});

it('the page handwriting takes strokes of a pointer', async () => {
  const tab = await gallery.open('handwriting/#device=wasm');
  await tab.until(async () => /step 0/.test(await status(tab)), 'the first view');
  const given = async () =>
    Number(
      /: (\d+) are given/.exec(
        String(await tab.evaluate(`document.querySelector('.paper').getAttribute('aria-label')`)),
      )?.[1],
    );
  const before = await given();
  // A long way down, and with the pen lifted between them a short one.
  await tab.drag('.paper', [[0.1, 0.2], [0.1, 0.5], [0.12, 0.8]]); // prettier-ignore
  await tab.until(async () => (await given()) !== before, 'a stroke');
  const first = await given();
  const begin = `(({ x1, y1 }) => [x1, y1].map(({ baseVal: { value } }) => value))(document.querySelector('.paper .yours'))`;
  const [x, y] = (await tab.evaluate(begin)) as number[];
  expect(Math.abs(x - 60)).toBeLessThan(2);
  expect(Math.abs(y - 30)).toBeLessThan(2);
  await tab.drag('.paper', [[0.15, 0.4], [0.2, 0.4]]); // prettier-ignore
  await tab.until(async () => (await given()) > first, 'another stroke');
  const drawing = new URLSearchParams(((await tab.evaluate('location.hash')) as string).slice(1)).get('drawing')!; // prettier-ignore
  const lifted = drawing.split(' ').filter((_, i) => i % 3 === 2);
  expect(lifted.filter((one) => one === '1')).toHaveLength(2);
  expect(lifted).toHaveLength(await given());
  await tab.close();
});

describe('an empty project', () => {
  /** Types a program. */
  const write = (tab: GalleryTab, code: string) =>
    tab.evaluate(
      `(() => { const area = document.querySelector('textarea'); area.value = ${JSON.stringify(code)}; area.dispatchEvent(new Event('input')); })()`,
    );
  const written = async (tab: GalleryTab) =>
    String(await tab.evaluate(`document.querySelector('textarea').value`));
  const lossesIn = (text: string) => [...text.matchAll(/loss ([\d.e-]+)$/gm)].map(([, loss]) => Number(loss)); // prettier-ignore

  it('has the program of a page with its settings, runs it, and is restored by its link', async () => {
    const from = await gallery.open('gradients/#device=wasm&units=5&time=7');
    await from.until(async () => /step 0/.test(await status(from)), 'the first view');
    await from.click('[data-project]');
    expect(await from.appears('.empty h1')).toBe('What would you train?');
    const code = await written(from);
    expect(code).toContain('units: 5,');
    expect(code).toContain('time: 7,');
    expect(await violations(from)).toEqual([]);
    await write(from, code.replace('step % 20', 'step % 50'));
    await from.click('button.main');
    await from.until(async () => /step 200/.test(await from.inner('#output')), 'two hundred steps');
    const printed = await from.inner('#output');
    const [first, ...rest] = lossesIn(printed);
    expect(rest).toHaveLength(4);
    expect(rest.at(-1)).toBeLessThan(first);
    expect(await violations(from)).toEqual([]);

    const link = (await from.evaluate('location.hash')) as string;
    const again = await gallery.open(`empty/${link}`, { width: 390, scheme: 'dark' });
    await again.appears('.empty h1');
    expect(await written(again)).toBe(await written(from));
    expect(await violations(again)).toEqual([]);
    expect(await again.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await again.close();

    // What is downloaded is what runs: a file that needs no server.
    const file = path('project.html');
    await writeFile(file, (await from.evaluate(`document.querySelector('iframe').srcdoc`)) as string); // prettier-ignore
    const alone = await gallery.open(pathToFileURL(file).href);
    await alone.until(async () => /step 50/.test(await alone.text('#output')), 'steps');
    expect(lossesIn(await alone.text('#output'))[0]).toBe(first);
    expect(await violations(alone)).toEqual([]);
    await alone.close();
    await from.close();
  });

  it('says what is wrong with a program', async () => {
    const tab = await gallery.open('empty/');
    await tab.appears('.empty h1');
    await write(tab, 'throw new Error("wrong </script>")');
    await tab.click('button.main');
    const says = (what: RegExp) =>
      tab.until(async () => what.test(await tab.inner('#output')), String(what), true);
    await says(/Error: wrong <\/script>/);
    await write(tab, `import { nothing } from 'nowhere';`);
    await tab.click('button.main');
    await says(/nowhere/);
    await tab.close();
  });

  it('runs the program of every page', async () => {
    const tab = await gallery.open('empty/');
    await tab.appears('.empty h1');
    for (const name of Object.keys(LESSONS)) {
      await tab.evaluate(
        `(() => { const field = document.querySelector('select'); field.value = ${JSON.stringify(name)}; field.dispatchEvent(new Event('change')); })()`,
      );
      await tab.click('button.main');
      await tab.until(async () => /step 0: loss \d/.test(await tab.inner('#output')), `a loss of ${name}`); // prettier-ignore
    }
    await tab.close();
  });
});

it('the zoo goes from cell to cell', async () => {
  const tab = await gallery.open('zoo/#device=wasm&budget=100');
  await tab.click('button.main');
  const cages = () => tab.evaluate(`[...document.querySelectorAll('.cage')].map((cage) => cage.getAttribute('aria-label'))`); // prettier-ignore
  const told = async () => ((await cages()) as string[]).filter((label) => !/not trained yet/.test(label)); // prettier-ignore
  await tab.until(async () => (await told()).length >= 3, 'three cells');
  const [first, second, third] = await told();
  expect(first).toMatch(/^Simple RNN, Recall .*: solved after \d+ steps$/);
  expect(second).toMatch(/^LSTM, Recall .* after 1\d\d steps$/);
  expect(third).toMatch(/^GRU, /);
  await tab.close();
});

// npm run test:packages: the cases, one after the other, and what they printed held against the first.
import { bundlers, pageOf } from './bundlers.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from './browser.mjs';
import { byPath, Projects } from './projects.mjs';
import { report } from './report.mjs';
import { runtimes } from './runtimes.mjs';

/** How far numbers may differ: devices add in other orders. */
const TOLERANCE = 1e-5;

const pages = (projects, browser) => [
  ...bundlers.map(({ name, build, worker, packageJson }) => ({
    name,
    async run() {
      const built = await build(projects.make(name, { packageJson }));
      const names = worker ? ['onPage', 'inWorker'] : ['onPage'];
      const { results, scripts } = await browser.open(built, names);
      const { warnings } = built;
      if (warnings.length > 0) throw new Error(`it warned:\n${warnings.join('\n')}`);
      return { ...results, note: `${scripts} scripts` };
    },
  })),
  {
    name: 'A page without a bundler, with an import map',
    async run() {
      const folder = projects.make('import_map');
      const map = JSON.stringify({ imports: projects.paths });
      const head = `<script type="importmap">${map}</script>`;
      writeFileSync(join(folder, 'index.html'), pageOf('page.js', head));
      const { results, scripts } = await browser.open({ folder }, ['onPage']);
      return { ...results, note: `${scripts} scripts` };
    },
  },
  {
    name: 'A module Worker without a bundler, by path',
    async run() {
      const folder = projects.make('module_worker', { edit: byPath(projects.paths) });
      writeFileSync(join(folder, 'index.html'), pageOf('page_with_worker.js'));
      const { results, scripts } = await browser.open({ folder }, ['inWorker']);
      return { ...results, note: `${scripts} scripts` };
    },
  },
];

/** All trainings among the results, by where they ran. */
function trainingsIn(results, path = []) {
  if (results === null || typeof results !== 'object' || Array.isArray(results)) return [];
  if (results.loss) return [{ where: path.join(' '), ...results }];
  return Object.entries(results).flatMap(([name, value]) => trainingsIn(value, [...path, name]));
}

/** Everything that is no training, by what it is. */
function entriesIn(results) {
  return [results.entries, results.onPage?.entries].filter(Boolean);
}

function hold(what, numbers, expected) {
  const agrees =
    numbers.length === expected.length &&
    numbers.every(
      (x, i) => Math.abs(x - expected[i]) <= TOLERANCE * Math.max(1, Math.abs(expected[i])),
    );
  if (!agrees)
    throw new Error(`${what}: expected ${expected.join(', ')}, got ${numbers.join(', ')}`);
}

/** Holds the results of a case against those of the first one. @returns what to print */
function check(results, reference) {
  const trainings = trainingsIn(results);
  if (trainings.length === 0) throw new Error('nothing was trained');
  const [expected] = trainingsIn(reference);
  for (const { where, loss, predicted } of trainings) {
    if (!(loss.at(-1) < 0.75 * loss[0]))
      throw new Error(`${where}: the loss does not fall: ${loss.join(', ')}`);
    hold(`${where}: the loss`, loss, expected.loss);
    hold(`${where}: predictions`, predicted, expected.predicted);
  }
  for (const entries of entriesIn(results))
    for (const [name, numbers] of Object.entries(reference.entries))
      hold(name, entries[name], numbers);
  const [{ loss }] = trainings;
  const where = trainings.map((training) => training.where).join(', ');
  return `${where}: loss ${loss[0].toFixed(4)} to ${loss.at(-1).toFixed(4)}`;
}

/** @param {readonly string[]} patterns a case runs if its name contains one of them; all without one */
export async function runCases(patterns) {
  const projects = new Projects(new URL('project', import.meta.url));
  const browser = new Browser();
  try {
    await projects.pack();
    const matches = ({ name }) =>
      patterns.length === 0 ||
      patterns.some((pattern) => name.toLowerCase().includes(pattern.toLowerCase()));
    const [first, ...others] = [
      ...runtimes.map((runtime) => ({ ...runtime, run: () => runtime.run(projects) })),
      ...pages(projects, browser),
    ];
    // The first is what the others are held against.
    let reference = null;
    const cases = [first, ...others.filter(matches)].map(({ name, run }) => ({
      name,
      needed: name === first.name,
      async run() {
        const results = await run();
        reference ??= results;
        const seen = results ? check(results, reference) : 'clean';
        return results?.note ? `${seen}, ${results.note}` : seen;
      },
    }));
    return await report(cases);
  } finally {
    await browser.close();
    projects.remove();
  }
}

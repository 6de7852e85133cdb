// npm test [-- [--yes] PATTERN ...]: every test in headless Chromium, the smoke set in Node and in Deno, in Deno on lavapipe what is
// particular to it, and every example as a program; with patterns, the files that have one of them in their path. What the runners
// print goes to the terminal as it comes, each line after the name of its runner. The last line counts all tests. --yes: what is missing is
// installed without asking.
// Node built-ins only, so that it starts on a fresh clone.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, generateSources, root, SetupError } from './setup/index.mjs';
import { describeCounts, describeSlowest, readResults, summarize, total } from './test/results.mjs';
import { runnersFor } from './test/runners.mjs';
import { supervise } from './test/supervise.mjs';

const folder = join(root, '.cache/test');
/** A test that hangs fails before that, by its own limit, and the others go on. */
const SILENCE_MS = 6 * 60_000;

/** The runners with their environments, when everything that they need is there; and what is left out since it cannot be had. */
async function prepare(patterns, options) {
  ensureDependencies();
  generateSources();
  const runners = runnersFor(patterns, options);
  if (runners.length === 0)
    throw new SetupError(`no test file has ${patterns.join(' or ')} in its path`);
  const prepared = [];
  for (const runner of runners) prepared.push({ ...runner, env: await runner.setup() });
  return {
    runners: prepared.filter(({ env }) => env !== null),
    leftOut: prepared.filter(({ env }) => env === null).map(describeLeftOut),
  };
}

const describeLeftOut = ({ name, files, needs }) =>
  `${name}: left out (${files.join(', ')}): it needs ${needs}`;

async function runOne({ name, files, args, env }) {
  const results = join(folder, `${name}.jsonl`);
  rmSync(results, { force: true });
  const problem = await supervise({
    args: args(files),
    env: {
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
      ...process.env,
      ...env,
      GATEFOLD_RESULTS: results,
    },
    results,
    silenceMs: SILENCE_MS,
    onLine: (line) => console.log(`${name} | ${line}`),
  });
  const summary = summarize({ name, planned: files, results: readResults(results), problem });
  console.log(`== ${name}: ${describeCounts(summary)}${problem ? ` (${problem})` : ''}`);
  return summary;
}

/**
 * Three lanes: Chromium, the programs, and the other runtimes one after the other. Two cores then have work until the end, whichever lane is
 * the last.
 */
async function runAll(runners) {
  const alone = ['Chromium', 'Programs'];
  const lanes = [
    ...alone.map((name) => runners.filter((runner) => runner.name === name)),
    runners.filter(({ name }) => !alone.includes(name)),
  ];
  const lane = async (list) => {
    const summaries = [];
    for (const runner of list) summaries.push(await runOne(runner));
    return summaries;
  };
  return (await Promise.all(lanes.map(lane))).flat();
}

function report(summaries, leftOut) {
  console.log('\nThe slowest files:');
  for (const line of describeSlowest(summaries)) console.log(line);
  const failures = summaries.flatMap(({ name, failures }) =>
    failures.map((failure) => `${name}: ${failure}`),
  );
  if (failures.length > 0) console.log(`\nWhat failed:\n${failures.join('\n')}`);
  console.log();
  for (const summary of summaries) console.log(`${summary.name}: ${describeCounts(summary)}`);
  for (const line of leftOut) console.log(line);
  const counts = total(summaries);
  console.log(describeCounts(counts));
  return counts.failed;
}

const argv = process.argv.slice(2);
const yes = argv.includes('--yes');
const patterns = argv.filter((argument) => argument !== '--yes');
const { runners, leftOut } = await prepare(patterns, { yes }).catch((error) => {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
});
mkdirSync(folder, { recursive: true });
const failed = report(await runAll(runners), leftOut);
process.exitCode = failed > 0 ? 1 : 0;

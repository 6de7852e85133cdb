// npm test: every test in headless Chromium, then the smoke set in Node and in Deno, in Deno on lavapipe what is particular to it, and
// every example as a program.
// The last line counts them all.
// Node built-ins only, so that it starts on a fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  ensureChromium,
  ensureDependencies,
  ensureLavapipe,
  ensureWebGPU,
  root,
  SetupError,
} from './setup/index.mjs';

const reports = join(root, '.cache/test');
const LIMIT_MS = 20 * 60_000;
/** Mesa's software driver has float16, and counts the turns of loops. */
const LAVAPIPE_TESTS = ['test/training/quantize.test.ts', 'test/webgpu/loop-turns.test.ts'];

/** Runs a command to its end with its output on the terminal; its exit status (1 when it was killed). */
function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    timeout: LIMIT_MS,
    ...options,
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

/** They spawn the examples, and run nowhere else. */
const PROGRAM_TESTS = ['test/programs/options.test.ts', 'test/programs/programs.test.ts'];

/** Sets up what is missing; the environments under which Node and Deno have a WebGPU adapter, and Deno one on lavapipe. */
async function prepare() {
  ensureDependencies();
  if (run(process.execPath, ['scripts/generate.mjs']) !== 0)
    throw new SetupError('scripts/generate.mjs failed (see above)');
  await ensureChromium();
  return { any: (await ensureWebGPU()).env, lavapipe: await ensureLavapipe() };
}

/** A file that could not be loaded has no tests in Vitest's report, and still is a failure. */
function countVitest(report) {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

const countSmoke = ({ passed, failed, skipped }) => ({ passed, failed, skipped });

function runTests({ name, args, count, env }) {
  console.log(`\n== ${name}`);
  const path = join(reports, `${name}.json`);
  rmSync(path, { force: true });
  const status = run(process.execPath, args(path), {
    env: { ...process.env, ...env, GATEFOLD_REPORT: path },
  });
  const counts = existsSync(path)
    ? count(JSON.parse(readFileSync(path, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  // Whatever kept a runner from running, or broke it outside of a test, counts as one failure.
  if ((status !== 0 || counts.passed === 0) && counts.failed === 0) {
    console.error(`${name}: the runner failed (exit status ${status}, ${counts.passed} passed)`);
    counts.failed = 1;
  }
  return { name, ...counts };
}

const describeCounts = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

const environments = await prepare().catch((error) => {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
});
const runners = [
  {
    name: 'Chromium',
    args: (report) => [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    count: countVitest,
  },
  ...['node', 'deno'].map((runtime) => ({
    name: runtime === 'node' ? 'Node' : 'Deno',
    args: () => ['scripts/smoke.mjs', runtime],
    env: environments.any,
    count: countSmoke,
  })),
  {
    name: 'Deno, lavapipe',
    args: () => ['scripts/smoke.mjs', 'deno', ...LAVAPIPE_TESTS],
    env: { ...environments.lavapipe, GATEFOLD_FLOAT16: 'required' },
    count: countSmoke,
  },
  {
    name: 'Programs',
    args: () => ['scripts/smoke.mjs', 'node', ...PROGRAM_TESTS],
    env: environments.any,
    count: countSmoke,
  },
];

mkdirSync(reports, { recursive: true });
const results = runners.map(runTests);
const total = results.reduce((sum, counts) => ({
  passed: sum.passed + counts.passed,
  failed: sum.failed + counts.failed,
  skipped: sum.skipped + counts.skipped,
}));
console.log();
for (const result of results) console.log(`${result.name}: ${describeCounts(result)}`);
console.log(describeCounts(total));
process.exitCode = total.failed > 0 ? 1 : 0;

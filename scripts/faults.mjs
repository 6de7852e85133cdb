// node scripts/faults.mjs [PATTERN ...]: do the tests notice? Puts each fault of test/faults.mjs into a copy of the sources, alone, runs the
// test files that should notice it in Node, and says which test did. With patterns: only faults that have one of them in their name.
// --check: only whether every fault still finds its place in the sources.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS } from '../test/faults.mjs';
import { ensureDependencies, ensureWebGPU, root } from './setup/index.mjs';
import { filesUnder, placeOf, withFault } from './test/faults.mjs';
import { readResults } from './test/results.mjs';
import { supervise } from './test/supervise.mjs';

const copy = join(root, '.cache/faults');
const results = join(root, '.cache/faults.jsonl');
/** A fault may make a test hang; that is noticed too. */
const SILENCE_MS = 4 * 60_000;

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const faults = FAULTS.filter(
  ({ name }) => wanted.length === 0 || wanted.some((pattern) => name.includes(pattern)),
);

/** The files of the working tree, without what git ignores. Packages are found in the folders above it. */
function copySources() {
  rmSync(copy, { recursive: true, force: true });
  const listed = spawnSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    },
  );
  for (const file of listed.stdout.split('\0').filter((name) => name !== '')) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(join(copy, file, '..'), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
}

const generate = () =>
  spawnSync(process.execPath, [join(copy, 'scripts/generate.mjs')], {
    cwd: copy,
    encoding: 'utf8',
  });

/** Runs test files of the copy; their failures and what was printed. */
async function runTests(tests, env) {
  rmSync(results, { force: true });
  const lines = [];
  const problem = await supervise({
    args: [join(copy, 'scripts/smoke.mjs'), 'node', ...tests],
    cwd: copy,
    env: { ...process.env, ...env, GATEFOLD_RESULTS: results },
    results,
    silenceMs: SILENCE_MS,
    onLine: (line) => lines.push(line),
  });
  const found = readResults(results).filter(({ state }) => state !== undefined);
  return {
    failed: found.filter(({ state }) => state === 'failed'),
    ran: found.length,
    problem,
    lines,
  };
}

/** Puts the fault in, runs its tests, takes it out again. */
async function judge(fault, env) {
  const place = placeOf(fault, filesUnder(copy, fault.in));
  if (place.problem) return { verdict: 'NO PLACE', detail: place.problem };
  const path = join(copy, place.file);
  const before = readFileSync(path, 'utf8');
  const tests = fault.tests.filter((test) => existsSync(join(copy, test)));
  if (tests.length === 0) return { verdict: 'NO TESTS', detail: fault.tests.join(', ') };
  writeFileSync(path, withFault(before, place));
  try {
    const made = generate();
    if (made.status !== 0)
      return { verdict: 'INVALID', detail: made.stderr.trim().split('\n').at(-1) };
    const { failed, ran, problem, lines } = await runTests(tests, env);
    const text = lines.join('\n');
    if (/does not compile|SyntaxError|ReferenceError/.test(text) || ran === 0)
      return {
        verdict: 'INVALID',
        detail: lines.find((line) => /Error/.test(line)) ?? lines.at(-1),
      };
    if (failed.length > 0)
      return {
        verdict: 'caught',
        detail: `${failed.length} of ${ran} tests, such as ${failed[0].file} > ${failed[0].test}`,
      };
    if (problem) return { verdict: 'caught', detail: problem };
    return { verdict: 'MISSED', detail: `${ran} tests passed: ${tests.join(', ')}` };
  } finally {
    writeFileSync(path, before);
  }
}

if (process.argv.includes('--check')) {
  const lost = faults
    .map((fault) => ({ fault, problem: placeOf(fault, filesUnder(root, fault.in)).problem }))
    .filter(({ problem }) => problem);
  for (const { fault, problem } of lost) console.error(`${fault.name}: ${problem}`);
  console.log(`${faults.length - lost.length} of ${faults.length} faults find their place`);
  process.exit(lost.length > 0 ? 1 : 0);
}

ensureDependencies();
const { env } = await ensureWebGPU();
copySources();
const verdicts = [];
for (const [i, fault] of faults.entries()) {
  const began = performance.now();
  const { verdict, detail } = await judge(fault, env);
  verdicts.push(verdict);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${i + 1}. ${verdict}: ${fault.name} (${seconds} s)\n   ${detail}`);
}
rmSync(copy, { recursive: true, force: true });
const caught = verdicts.filter((verdict) => verdict === 'caught').length;
console.log(`${caught} of ${verdicts.length} faults caught`);
process.exitCode = caught === verdicts.length ? 0 : 1;

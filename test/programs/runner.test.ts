// The runner of npm test: what it counts where a runner falls silent, crashes, or does not load a file; what a pattern chooses.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  describeCounts,
  describeSlowest,
  readResults,
  summarize,
  total,
} from '../../scripts/test/results.mjs';
import { runnersFor } from '../../scripts/test/runners.mjs';
import { supervise } from '../../scripts/test/supervise.mjs';

const folder = mkdtempSync(join(tmpdir(), 'gatefold-runner-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const passed = (file: string, test = 'one') => ({ file, test, state: 'passed' });
const ended = (file: string, seconds = 1) => ({ file, seconds });

let made = 0;
/** Runs a program that can `record` results, and counts them as those of the test files `a` and `b`. */
async function run(body: string, silenceMs = 30_000) {
  const program = join(folder, `${++made}.mjs`);
  const results = join(folder, `${made}.jsonl`);
  writeFileSync(
    program,
    `import { appendFileSync } from 'node:fs';
     const record = (r) => appendFileSync(${JSON.stringify(results)}, JSON.stringify(r) + '\\n');
     const passed = ${String(passed)};
     const ended = ${String(ended)};
     ${body}`,
  );
  const lines: string[] = [];
  const problem = await supervise({
    args: [program],
    env: process.env,
    results,
    silenceMs,
    onLine: (line) => lines.push(line),
  });
  const found = readResults(results);
  return {
    lines,
    program,
    ...summarize({ name: 'X', planned: ['a', 'b'], results: found, problem }),
  };
}

describe('a runner', () => {
  it('that runs to its end is counted', async () => {
    const { lines, problem, ...summary } = await run(`
      console.log('hello');
      console.error('there');
      record(passed('a')); record(ended('a', 2));
      record({ ...passed('b'), state: 'skipped' }); record(passed('b')); record(ended('b'));`);
    expect(problem).toBeNull();
    expect(lines.sort()).toEqual(['hello', 'there']);
    expect(summary).toMatchObject({ passed: 2, failed: 0, skipped: 1, failures: [] });
    expect([...summary.seconds]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('that falls silent is ended with what it has started, and what has passed counts', async () => {
    const { failures, problem, program, ...summary } = await run(
      `import { spawn } from 'node:child_process';
       record(passed('a')); record(ended('a')); record(passed('b'));
       const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
       appendFileSync(process.argv[1] + '.pid', String(child.pid));
       setInterval(() => {}, 1000);`,
      1500,
    );
    expect(problem).toBe('it was ended after 1.5 s without a sign of life');
    expect(summary).toMatchObject({ passed: 2, failed: 1 });
    expect(failures).toEqual(['b did not run to its end']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const child = Number(readFileSync(`${program}.pid`, 'utf8'));
    expect(isRunning(child)).toBe(false);
  });

  it.each([
    ['results', "record(passed('a', String(turn)))"],
    ['output', "console.log('still here')"],
  ])('may take as long as it likes while there are %s', async (_, sign) => {
    const { problem } = await run(
      `for (let turn = 0; turn < 15; turn++) {
         ${sign};
         await new Promise((resolve) => setTimeout(resolve, 200));
       }
       record(ended('a')); record(ended('b'));`,
      1500,
    );
    expect(problem).toBeNull();
  });

  it('that crashes keeps what it has done, a line cut off excepted', async () => {
    const { failures, problem, ...summary } = await run(`
      record(passed('a'));
      appendFileSync(process.argv[1].replace('.mjs', '.jsonl'), '{"file": "a", "te');
      process.kill(process.pid, 'SIGKILL');`);
    expect(problem).toBe('it was ended by SIGKILL');
    expect(summary).toMatchObject({ passed: 1, failed: 2 });
    expect(failures).toEqual(['a did not run to its end', 'b did not run to its end']);
  });

  it('that fails outside of its tests is one failure', async () => {
    const finish = "record(ended('a')); record(ended('b'));";
    const fails = "record({ file: 'a', test: 'x', state: 'failed' });";
    expect(await run(`${finish} process.exitCode = 3`)).toMatchObject({
      failed: 1,
      failures: ['it ended with exit status 3'],
    });
    expect(await run(`${finish} ${fails} process.exitCode = 1`)).toMatchObject({
      failed: 1,
      failures: ['a > x'],
    });
  });
});

describe('a summary', () => {
  const [first, second] = [
    summarize({
      name: 'X',
      planned: ['a'],
      results: [passed('a'), ended('a', 0.5)],
      problem: null,
    }),
    summarize({ name: 'Y', planned: ['a', 'b'], results: [ended('b', 12)], problem: null }),
  ];

  it('adds up', () => {
    expect(describeCounts(total([first, second]))).toBe('1 passed, 1 failed');
    expect(describeCounts({ passed: 1, failed: 0, skipped: 2 })).toBe(
      '1 passed, 0 failed, 2 skipped',
    );
  });

  it('lists the slowest files first', () => {
    expect(describeSlowest([first, second], 1)).toEqual(['   12.0 s  Y  b']);
    expect(describeSlowest([first, second])).toHaveLength(2);
  });
});

describe('a pattern', () => {
  const chosen = (...patterns: string[]) =>
    runnersFor(patterns).map(({ name, files }) => [name, files.length]);

  it('chooses files in every runner that has them', () => {
    expect(chosen('test/ops/matmul.test.ts')).toEqual([
      ['Chromium', 1],
      ['Node', 1],
      ['Deno', 1],
    ]);
    expect(chosen('./test/webgpu/loop-iterations')).toEqual([
      ['Chromium', 1],
      ['Deno, lavapipe', 1],
    ]);
    expect(chosen('programs/runner', 'programs/options')).toEqual([['Programs', 2]]);
    expect(chosen('nothing of that name')).toEqual([]);
  });

  it('that is left out leaves everything in', () => {
    expect(chosen().map(([name]) => name)).toEqual([
      ...['Chromium', 'Node', 'Deno', 'Deno, lavapipe'],
      ...['Node, WebAssembly', 'Deno, WebAssembly', 'Programs'],
    ]);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended may wait for its parent to take notice.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

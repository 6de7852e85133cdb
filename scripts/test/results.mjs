// The results of a runner. It appends a line of JSON to a file whenever a test or a test file has ended, so that what has passed
// counts even where the runner did not live to its end:
//   {"file": "test/a.test.ts", "test": "name", "state": "passed" | "failed" | "skipped"}
//   {"file": "test/a.test.ts", "seconds": 1.5}
import { existsSync, readFileSync } from 'node:fs';

/** The lines of a results file; a last line that was cut off counts as none. */
export function readResults(path) {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

/**
 * What a runner has to show: counts, the failed tests by name, the seconds of each file. A planned file that did not end is one
 * failure, and so is whatever broke the runner outside of its tests.
 *
 * @param {{ name: string, planned: string[], results: object[], problem: string | null }} run
 *   `problem` says how the runner ended, where it did not end as it should
 */
export function summarize({ name, planned, results, problem }) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  const seconds = new Map();
  for (const result of results) {
    if (result.state === undefined) {
      seconds.set(result.file, result.seconds);
      continue;
    }
    counts[result.state]++;
    if (result.state === 'failed') failures.push(`${result.file} > ${result.test}`);
  }
  const missing = planned.filter((file) => !seconds.has(file));
  const lost = missing.map((file) => `${file} did not run to its end`);
  // A failed test explains the runner's exit status; anything else is a failure of its own.
  if (problem !== null && failures.length + lost.length === 0) lost.push(problem);
  counts.failed += lost.length;
  return { name, ...counts, problem, failures: [...failures, ...lost], seconds };
}

/** `3 passed, 1 failed`. */
export const describeCounts = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

export const total = (summaries) =>
  summaries.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/** The files that took longest, slowest first: `  12.3 s  Chromium  test/a.test.ts`. */
export function describeSlowest(summaries, count = 10) {
  const files = summaries.flatMap(({ name, seconds }) =>
    [...seconds].map(([file, time]) => ({ name, file, time })),
  );
  files.sort((a, b) => b.time - a.time);
  return files
    .slice(0, count)
    .map(({ name, file, time }) => `${time.toFixed(1).padStart(7)} s  ${name}  ${file}`);
}

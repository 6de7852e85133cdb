/// <reference types="vite/client" />
/** Every case of every suite is run by one test, or left out by name and reason. */
import { describe, expect, it } from 'vitest';
import { claims, selectCases, TESTED } from './cases.ts';
import { LEFT_OUT, reasonToLeaveOut } from './left-out.ts';

const tests = import.meta.glob<string>('./*.test.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const metadata = import.meta.glob<{ cases: { name: string; op: string }[] }>('../fixtures/*.json', {
  import: 'default',
  eager: true,
});
const suites = Object.entries(metadata).map(
  ([path, { cases }]) => [path.replace(/^.*\/(\w+)\.json$/, '$1'), cases] as const,
);

describe('golden coverage', () => {
  it('knows every suite', () => {
    expect(suites.map(([suite]) => suite).sort()).toEqual(Object.keys(TESTED).sort());
    expect(suites.length).toBe(12);
  });

  describe.each(suites)('of %s', (suite, cases) => {
    const files = Object.entries(TESTED[suite] ?? {});
    const whereIs = (name: string) =>
      files.filter(([file]) => selectCases(suite, file, cases).some((one) => one.name === name));

    it('runs each case once, or leaves it out', () => {
      const wrong = cases.flatMap(({ name }) => {
        const runs = whereIs(name).length;
        const wanted = reasonToLeaveOut(suite, name) === null ? 1 : 0;
        return runs === wanted ? [] : [`${name} is run by ${runs} tests, expected ${wanted}`];
      });
      expect(wrong).toEqual([]);
      expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    });

    it('names no op of which there is no case, or none that is not left out', () => {
      const idle = files.flatMap(([file, ops]) =>
        (ops === 'all' ? [] : ops).filter(
          (op) => !selectCases(suite, file, cases).some((one) => claims([op], one)),
        ),
      );
      expect(idle).toEqual([]);
    });

    it.each(files.map(([file]) => file))('is run by %s.test.ts', (file) => {
      const code = tests[`./${file}.test.ts`];
      expect(code).toMatch(new RegExp(`(golden|select)Cases\\('${suite}', '${file}'`));
    });
  });

  it.each(LEFT_OUT.map(({ suite, match, reason }) => [suite, match, reason] as const))(
    'leaves out of %s only what is there: %s',
    (suite, match, reason) => {
      const [, cases] = suites.find(([name]) => name === suite)!;
      const found = cases.filter(({ name }) =>
        typeof match === 'string' ? name === match : match.test(name),
      );
      expect(found.length).toBeGreaterThan(0);
      expect(reason.length).toBeGreaterThan(15);
    },
  );
});

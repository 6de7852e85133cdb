/// <reference types="vite/client" />
/** Every golden case is tested, or left out by name and reason. The suites' own tests hold this too, but for `ops`. */
import { describe, expect, it } from 'vitest';
import { loadFixture } from '../support/fixtures.ts';
import { LEFT_OUT, reasonToLeaveOut } from './left-out.ts';

const tests = import.meta.glob<string>('./*.test.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const metadata = import.meta.glob<{ cases: { name: string }[] }>('../fixtures/*.json', {
  import: 'default',
  eager: true,
});
const suites = Object.entries(metadata).map(([path, { cases }]) => ({
  suite: path.replace(/^.*\/(\w+)\.json$/, '$1'),
  names: cases.map(({ name }) => name),
}));

describe('golden coverage', () => {
  it('reads every suite in a test', () => {
    expect(suites.length).toBeGreaterThanOrEqual(9);
    const unread = suites.filter(
      ({ suite }) =>
        !Object.values(tests).some(
          (code) => code.includes(`'${suite}'`) || code.includes(`/${suite}.json`),
        ),
    );
    expect(unread.map(({ suite }) => suite)).toEqual([]);
  });

  it('has each op of the suite ops in the table of one of its tests', async () => {
    const tables = Object.entries(tests).filter(([path]) => path.includes('/ops-'));
    const ops = tables.flatMap(([, code]) =>
      [...code.matchAll(/^ {2}'?([\w.]+)'?: /gm)].map(([, name]) => name),
    );
    const missing = (await loadFixture('ops')).filter(
      ({ name, op }) => !ops.includes(op) && !reasonToLeaveOut('ops', name),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
    expect(ops.length).toBe(new Set(ops).size);
  });

  it.each(LEFT_OUT.map(({ suite, match }) => [suite, match]))(
    'leaves out of %s only what is there: %s',
    (suite, match) => {
      const { names } = suites.find((entry) => entry.suite === suite)!;
      const found = names.filter((name) =>
        typeof match === 'string' ? name === match : match.test(name),
      );
      expect(found.length).toBeGreaterThan(0);
    },
  );
});

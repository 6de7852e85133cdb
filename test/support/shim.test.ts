/** Holds test/support/shim.ts against the meaning of Vitest's `expect`: what must fail, fails in Node and Deno as well. */
import { describe, expect, it } from 'vitest';
import { formatTitle } from './shim-titles.ts';
import { expect as shim } from './shim-expect.ts';
import { run, it as shimIt, describe as shimDescribe, beforeAll, afterEach } from './shim.ts';
import type { Result } from './shim.ts';

type Check = (e: typeof shim) => unknown;

const holds: [string, Check][] = [
  ['toBe', (e) => e(3).toBe(3)],
  ['toBe with NaN', (e) => e(NaN).toBe(NaN)],
  ['not.toBe', (e) => e(0).not.toBe(-0)],
  ['toEqual', (e) => e({ a: [1, { b: 2 }], c: undefined }).toEqual({ a: [1, { b: 2 }] })],
  [
    'toEqual with typed arrays',
    (e) => e(new Float32Array([1, NaN])).toEqual(new Float32Array([1, NaN])),
  ],
  ['toStrictEqual', (e) => e({ a: 1 }).toStrictEqual({ a: 1 })],
  ['toMatchObject', (e) => e({ a: 1, b: { c: 2, d: 3 } }).toMatchObject({ b: { c: 2 } })],
  ['toBeCloseTo', (e) => e(0.1 + 0.2).toBeCloseTo(0.3, 10)],
  ['toBeLessThan', (e) => e(1).toBeLessThan(2)],
  ['toBeLessThanOrEqual', (e) => e(2).toBeLessThanOrEqual(2)],
  ['toBeGreaterThan', (e) => e(2).toBeGreaterThan(1)],
  ['toBeGreaterThanOrEqual', (e) => e(2).toBeGreaterThanOrEqual(2)],
  ['toThrow', (e) => e(thrower('a b')).toThrow()],
  ['toThrow(string)', (e) => e(thrower('a b')).toThrow('a')],
  ['toThrow(regex)', (e) => e(thrower('a b')).toThrow(/^a b$/)],
  ['toThrow(class)', (e) => e(thrower('a b')).toThrow(RangeError)],
  ['not.toThrow', (e) => e(() => 1).not.toThrow()],
  ['rejects.toThrow', (e) => e(Promise.reject(new Error('late'))).rejects.toThrow(/late/)],
  [
    'rejects.toThrow of a function',
    (e) => e(async () => thrower('late')()).rejects.toThrow('late'),
  ],
  ['resolves', (e) => e(Promise.resolve(4)).resolves.toBe(4)],
  ['toMatch', (e) => e('gatefold').toMatch(/fold$/)],
  ['toContain', (e) => e([1, 2]).toContain(2)],
  ['toHaveLength', (e) => e(new Int32Array(3)).toHaveLength(3)],
  ['toBeDefined', (e) => e(null).toBeDefined()],
  ['toBeUndefined', (e) => e(undefined).toBeUndefined()],
  ['toBeNull', (e) => e(null).toBeNull()],
  ['toBeNaN', (e) => e(NaN).toBeNaN()],
  ['toBeTruthy', (e) => e('x').toBeTruthy()],
  ['toBeFalsy', (e) => e('').toBeFalsy()],
  ['toBeInstanceOf', (e) => e(new RangeError('x')).toBeInstanceOf(Error)],
  ['toHaveProperty', (e) => e({ a: { b: 1 } }).toHaveProperty('a.b', 1)],
];

const fails: [string, Check][] = [
  ['toBe', (e) => e(3).toBe(4)],
  ['not.toBe', (e) => e(3).not.toBe(3)],
  ['toEqual', (e) => e({ a: [1, { b: 2 }] }).toEqual({ a: [1, { b: 3 }] })],
  ['toEqual, a field more', (e) => e({ a: 1, b: 2 }).toEqual({ a: 1 })],
  ['toEqual, other lengths', (e) => e([1, 2]).toEqual([1])],
  ['toEqual, other types', (e) => e(new Float32Array(2)).toEqual(new Float64Array(2))],
  ['toEqual, a typed array and a list', (e) => e(new Float32Array(2)).toEqual([0, 0])],
  ['toEqual, one number', (e) => e(new Float32Array([1, 2])).toEqual(new Float32Array([1, 3]))],
  ['toStrictEqual', (e) => e({ a: 1, b: undefined }).toStrictEqual({ a: 1 })],
  ['toMatchObject', (e) => e({ b: { d: 3 } }).toMatchObject({ b: { c: 2 } })],
  ['toBeCloseTo', (e) => e(1).toBeCloseTo(1.01)],
  ['toBeCloseTo of NaN', (e) => e(NaN).toBeCloseTo(1)],
  ['toBeLessThan', (e) => e(2).toBeLessThan(2)],
  ['toBeLessThan of NaN', (e) => e(NaN).toBeLessThan(2)],
  ['toBeGreaterThanOrEqual', (e) => e(1).toBeGreaterThanOrEqual(2)],
  ['toThrow', (e) => e(() => 1).toThrow()],
  ['toThrow(string)', (e) => e(thrower('a b')).toThrow('c')],
  ['toThrow(regex)', (e) => e(thrower('a b')).toThrow(/^b/)],
  ['toThrow(class)', (e) => e(thrower('a b')).toThrow(TypeError)],
  ['not.toThrow', (e) => e(thrower('a b')).not.toThrow()],
  ['rejects.toThrow', (e) => e(Promise.reject(new Error('late'))).rejects.toThrow(/early/)],
  ['rejects of what resolves', (e) => e(Promise.resolve(1)).rejects.toThrow()],
  ['resolves', (e) => e(Promise.resolve(4)).resolves.toBe(5)],
  ['resolves of what is rejected', (e) => e(Promise.reject(new Error('no'))).resolves.toBe(5)],
  ['toMatch', (e) => e('gatefold').toMatch(/^fold/)],
  ['toContain', (e) => e([1, 2]).toContain(3)],
  ['toHaveLength', (e) => e([1]).toHaveLength(2)],
  ['toBeDefined', (e) => e(undefined).toBeDefined()],
  ['toBeNull', (e) => e(undefined).toBeNull()],
  ['toBeNaN', (e) => e(1).toBeNaN()],
  ['toBeTruthy', (e) => e(0).toBeTruthy()],
  ['toBeFalsy', (e) => e(1).toBeFalsy()],
  ['toBeInstanceOf', (e) => e({}).toBeInstanceOf(Error)],
  ['toHaveProperty', (e) => e({ a: {} }).toHaveProperty('a.b')],
];

function thrower(message: string): () => never {
  return () => {
    throw new RangeError(message);
  };
}

// In Chromium `expect` is Vitest's own, so the table itself is held against the original there.
describe.each([
  ["the runner's expect", expect as unknown as typeof shim],
  ["the shim's expect", shim],
])('%s', (_, subject) => {
  it('passes what holds', async () => {
    for (const [name, check] of holds) {
      const error = await outcome(check, subject);
      if (error !== null) throw new Error(name, { cause: error });
    }
  });

  it('fails what does not', async () => {
    for (const [name, check] of fails)
      if ((await outcome(check, subject)) === null) throw new Error(`${name}: passed`);
  });
});

async function outcome(check: Check, subject: typeof shim): Promise<unknown> {
  try {
    await check(subject);
    return null;
  } catch (error) {
    return error;
  }
}

describe("the shim's runner", () => {
  it('counts what passed, failed and was skipped, and runs hooks in order', async () => {
    const seen: string[] = [];
    const lines: string[] = [];
    const files = {
      'a.test.ts': async () => {
        beforeAll(() => seen.push('all'));
        afterEach(() => seen.push('after'));
        shimDescribe('outer', () => {
          shimIt('passes', () => seen.push('one'));
          shimIt('fails', async () => Promise.reject(new Error('no')));
          shimIt('is too slow', () => new Promise((resolve) => setTimeout(resolve, 500)), 20);
          shimIt.skip('is skipped', () => seen.push('skipped'));
          shimIt.each([[1, 2]])('adds %d and %d', (a: number, b: number) => seen.push(`${a}${b}`));
        });
      },
      'broken.test.ts': async () => Promise.reject(new Error('does not load')),
      'hook.test.ts': async () => {
        beforeAll(() => Promise.reject(new Error('no device')));
        shimIt('never runs', () => seen.push('never'));
      },
    };
    const results: Result[] = [];
    const report = await run(
      files,
      (line) => lines.push(line),
      (result) => results.push(result),
    );
    expect(report).toEqual({
      passed: 2,
      failed: 5,
      skipped: 1,
    });
    const told = results.map((result) => ('state' in result ? result.state : result.file));
    expect(told).toEqual([
      ...['passed', 'failed', 'failed', 'skipped', 'passed', 'a.test.ts'],
      ...['failed', 'broken.test.ts', 'failed', 'failed', 'hook.test.ts'],
    ]);
    expect(results[0]).toEqual({ file: 'a.test.ts', test: 'outer > passes', state: 'passed' });
    expect(seen).toEqual(['all', 'one', 'after', 'after', 'after', '12', 'after']);
    expect(lines.join('\n')).toContain(
      'FAIL a.test.ts > outer > is too slow\nError: took longer than 20 ms',
    );
  });

  it('formats titles as Vitest does', () => {
    expect(formatTitle('%s of %d (%#)', ['gru', 3], 7)).toBe('gru of 3 (7)');
    expect(formatTitle('$cell at $size.H', [{ cell: 'lstm', size: { H: 5 } }], 0)).toBe(
      'lstm at 5',
    );
    expect(formatTitle('%j', [[1, 2]], 0)).toBe('[1,2]');
  });
});

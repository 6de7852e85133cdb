/** `expect` for Node and Deno: the matchers that the tests use, with Vitest's meaning. */
import { contains, equal, show } from './shim-equal.ts';

type Verdict = { pass: boolean; text: string };
type Matcher = (actual: any, ...expected: any[]) => Verdict;

const verdict = (pass: boolean, text: string): Verdict => ({ pass, text });
const compare = (word: string, holds: (a: number, b: number) => boolean): Matcher => {
  return (actual: number, expected: number) =>
    verdict(holds(actual, expected), `to be ${word} ${show(expected)}`);
};
const be = (word: string, holds: (actual: unknown) => boolean): Matcher => {
  return (actual) => verdict(holds(actual), `to be ${word}`);
};

const matchers = {
  toBe: (actual, expected) => verdict(Object.is(actual, expected), `to be ${show(expected)}`),
  toEqual: (actual, expected) => verdict(equal(actual, expected), `to equal ${show(expected)}`),
  toStrictEqual: (actual, expected) =>
    verdict(equal(actual, expected, true), `to equal strictly ${show(expected)}`),
  toMatchObject: (actual, expected) =>
    verdict(contains(actual, expected), `to match object ${show(expected)}`),
  toBeCloseTo: (actual: number, expected: number, digits = 2) =>
    verdict(
      actual === expected || Math.abs(actual - expected) < 10 ** -digits / 2,
      `to be close to ${expected} (${digits} digits)`,
    ),
  toBeLessThan: compare('less than', (a, b) => a < b),
  toBeLessThanOrEqual: compare('at most', (a, b) => a <= b),
  toBeGreaterThan: compare('greater than', (a, b) => a > b),
  toBeGreaterThanOrEqual: compare('at least', (a, b) => a >= b),
  toBeDefined: be('defined', (actual) => actual !== undefined),
  toBeUndefined: be('undefined', (actual) => actual === undefined),
  toBeNull: be('null', (actual) => actual === null),
  toBeNaN: be('NaN', (actual) => Number.isNaN(actual)),
  toBeTruthy: be('truthy', (actual) => Boolean(actual)),
  toBeFalsy: be('falsy', (actual) => !actual),
  toBeTypeOf: (actual, type: string) => verdict(typeof actual === type, `to be of type ${type}`),
  toBeInstanceOf: (actual, type: new (...args: never[]) => unknown) =>
    verdict(actual instanceof type, `to be an instance of ${type.name}`),
  toMatch: (actual: string, pattern: string | RegExp) =>
    verdict(matches(actual, pattern), `to match ${String(pattern)}`),
  toContain: (actual: Iterable<unknown> | string, item) =>
    verdict(
      typeof actual === 'string' ? actual.includes(item) : [...actual].includes(item),
      `to contain ${show(item)}`,
    ),
  toContainEqual: (actual: Iterable<unknown>, item) =>
    verdict(
      [...actual].some((entry) => equal(entry, item)),
      `to contain ${show(item)}`,
    ),
  toHaveLength: (actual: ArrayLike<unknown>, length: number) =>
    verdict(actual.length === length, `(length ${actual.length}) to have length ${length}`),
  toHaveProperty: (actual, path: string | string[], ...value) => {
    const keys = Array.isArray(path) ? path : path.split('.');
    let at: any = actual;
    for (const key of keys) {
      if (at === null || at === undefined || !(key in Object(at)))
        return verdict(false, `to have property ${keys.join('.')}`);
      at = at[key];
    }
    return verdict(
      value.length === 0 || equal(at, value[0]),
      `to have property ${keys.join('.')}${value.length === 0 ? '' : ` ${show(value[0])}`}`,
    );
  },
} satisfies Record<string, Matcher>;

function matches(text: string, pattern: string | RegExp): boolean {
  return typeof pattern === 'string' ? text.includes(pattern) : text.search(pattern) >= 0;
}

type Expected = string | RegExp | Error | (new (...args: never[]) => unknown);

function thrownMatches(thrown: unknown, expected: Expected | undefined): boolean {
  if (expected === undefined) return true;
  if (typeof expected === 'function') return thrown instanceof expected;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (expected instanceof Error) return message === expected.message;
  return matches(message, expected);
}

function assertThrown(
  outcome: { thrown: unknown } | null,
  expected: Expected | undefined,
  negated: boolean,
  note: string,
): void {
  const pass = outcome !== null && thrownMatches(outcome.thrown, expected);
  if (pass !== negated) return;
  const what =
    expected === undefined
      ? 'an error'
      : typeof expected === 'function'
        ? expected.name
        : String(expected);
  const came = outcome === null ? 'nothing was thrown' : `${String(outcome.thrown)} was thrown`;
  throw new AssertionError(
    `${note}expected ${what} ${negated ? 'not ' : ''}to be thrown, but ${came}`,
  );
}

class AssertionError extends Error {
  override name = 'AssertionError';
}

type Assertions = {
  [K in keyof typeof matchers]: (...expected: any[]) => void;
} & { toThrow: (expected?: Expected) => void; toThrowError: (expected?: Expected) => void };
type AsyncAssertions = {
  [K in keyof Assertions]: (...expected: any[]) => Promise<void>;
};

function assertions(actual: unknown, negated: boolean, note: string): Assertions {
  const entries = Object.entries(matchers as Record<string, Matcher>).map(([name, matcher]) => [
    name,
    (...expected: unknown[]) => {
      const { pass, text } = matcher(actual, ...expected);
      if (pass === negated)
        throw new AssertionError(`${note}expected ${show(actual)} ${negated ? 'not ' : ''}${text}`);
    },
  ]);
  const toThrow = (expected?: Expected): void => {
    if (typeof actual !== 'function') throw new AssertionError('toThrow needs a function');
    let outcome: { thrown: unknown } | null = null;
    try {
      (actual as () => unknown)();
    } catch (thrown) {
      outcome = { thrown };
    }
    assertThrown(outcome, expected, negated, note);
  };
  return { ...(Object.fromEntries(entries) as Assertions), toThrow, toThrowError: toThrow };
}

function promised(actual: unknown, rejects: boolean, negated: boolean, note: string) {
  const settle = async (): Promise<unknown> => {
    const promise = (typeof actual === 'function' ? (actual as () => unknown)() : actual) as
      Promise<unknown> | undefined;
    let value: unknown;
    try {
      value = await promise;
    } catch (error) {
      if (rejects) return error;
      throw new AssertionError(
        `${note}expected a promise that resolves, but it was rejected: ${String(error)}`,
        { cause: error },
      );
    }
    if (rejects)
      throw new AssertionError(
        `${note}expected a promise that is rejected, but it resolved to ${show(value)}`,
      );
    return value;
  };
  const throwing = async (expected?: Expected): Promise<void> => {
    const settled = await settle();
    if (rejects) assertThrown({ thrown: settled }, expected, negated, note);
    else assertions(settled, negated, note).toThrow(expected);
  };
  const entries = Object.keys(matchers).map((name) => [
    name,
    async (...expected: unknown[]) =>
      assertions(await settle(), negated, note)[name as keyof Assertions](...(expected as [never])),
  ]);
  return {
    ...(Object.fromEntries(entries) as AsyncAssertions),
    toThrow: throwing,
    toThrowError: throwing,
  };
}

function every(actual: unknown, negated: boolean, note: string) {
  return {
    ...assertions(actual, negated, note),
    resolves: promised(actual, false, negated, note),
    rejects: promised(actual, true, negated, note),
  };
}

function expectValue(actual: unknown, message?: string) {
  const note = message === undefined ? '' : `${message}: `;
  const { resolves, rejects, ...plain } = every(actual, false, note);
  const not = every(actual, true, note);
  return {
    ...plain,
    not,
    resolves: { ...resolves, not: not.resolves },
    rejects: { ...rejects, not: not.rejects },
  };
}

const fail = (message = 'expect.fail'): never => {
  throw new AssertionError(message);
};

export const expect = Object.assign(expectValue, { fail, unreachable: fail });

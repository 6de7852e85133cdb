/**
 * The part of Vitest's interface that the tests use, for Node and Deno: the smoke bundle has this module in place of
 * `vitest`. Tests run one after the other, in the order in which they are written. No mocks, no snapshots, no `only`.
 */
import { formatTitle } from './shim-titles.ts';

export { expect } from './shim-expect.ts';

type Body = () => unknown;
type Hook = { body: Body; timeout: number };

interface Suite {
  name: string;
  parent: Suite | null;
  skip: boolean;
  children: (Suite | Test)[];
  beforeAll: Hook[];
  afterAll: Hook[];
  beforeEach: Hook[];
  afterEach: Hook[];
}
interface Test {
  name: string;
  skip: boolean;
  body: Body;
  timeout: number;
}

interface Options {
  timeout?: number;
  skip?: boolean;
}
/** `it(name, body, timeout)` and `it(name, options, body)`, as Vitest has them. */
type Rest = [body?: unknown, timeout?: number] | [options: Options, body: unknown];

/** A program that takes half a minute takes several where other tests run beside it on a slow machine. */
const DEFAULT_TIMEOUT = 300_000;

let current = suiteOf('', null, false);

function suiteOf(name: string, parent: Suite | null, skip: boolean): Suite {
  return {
    name,
    parent,
    skip,
    children: [],
    beforeAll: [],
    afterAll: [],
    beforeEach: [],
    afterEach: [],
  };
}

// ---- declaring ------------------------------------------------------------------------------------------------------

interface Declaration {
  body: (...args: unknown[]) => unknown;
  timeout: number;
  skip: boolean;
}

function declarationOf(rest: Rest): Declaration {
  const [first, second] = rest;
  const options: Options =
    typeof first === 'object' && first !== null
      ? first
      : { timeout: typeof second === 'number' ? second : undefined };
  const body = typeof first === 'function' ? first : second;
  return {
    body: typeof body === 'function' ? (body as Declaration['body']) : () => undefined,
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
    skip: options.skip ?? false,
  };
}

function declareSuite(name: string, body: Body, skip: boolean): void {
  const suite = suiteOf(name, current, skip);
  current.children.push(suite);
  current = suite;
  try {
    const result = body();
    if (result instanceof Promise) throw new Error(`describe('${name}') must not be async`);
  } finally {
    current = suite.parent as Suite;
  }
}

function declareTest(name: string, body: Body, skip: boolean, timeout: number): void {
  current.children.push({ name, body, skip, timeout });
}

type Declare = (name: string, body: Body, skip: boolean, timeout: number) => void;

function withModifiers(declare: Declare) {
  const make = (forced: boolean) => {
    const one = (name: string, ...rest: Rest): void => {
      const { body, timeout, skip } = declarationOf(rest);
      declare(name, () => body(), forced || skip, timeout);
    };
    const each =
      (rows: readonly unknown[]) =>
      (title: string, ...rest: Rest): void => {
        const { body, timeout, skip } = declarationOf(rest);
        const lists = rows.every(Array.isArray);
        rows.forEach((row, index) => {
          const args = lists ? (row as unknown[]) : [row];
          declare(formatTitle(title, args, index), () => body(...args), forced || skip, timeout);
        });
      };
    return Object.assign(one, { each });
  };
  const plain = make(false);
  const skipped = make(true);
  return Object.assign(plain, {
    skip: skipped,
    skipIf: (condition: unknown) => (condition ? skipped : plain),
    runIf: (condition: unknown) => (condition ? plain : skipped),
  });
}

export const describe = withModifiers(declareSuite);
export const it = withModifiers(declareTest);
export const test = it;

type HookName = 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach';

const hook =
  (name: HookName) =>
  (body: Body, timeout = DEFAULT_TIMEOUT): void => {
    current[name].push({ body, timeout });
  };
export const beforeAll = hook('beforeAll');
export const afterAll = hook('afterAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');

// ---- running --------------------------------------------------------------------------------------------------------

export interface Report {
  passed: number;
  failed: number;
  skipped: number;
}

/** What is told as it comes: a test with its name, suites included, and after its tests the file. */
export type Result =
  | { file: string; test: string; state: 'passed' | 'failed' | 'skipped' }
  | { file: string; seconds: number };

type Log = (line: string) => void;
interface Tally extends Report {
  /** The one that is run. */
  file: string;
  log: Log;
  onResult: (result: Result) => void;
}

/** Runs the tests of the files, each a name and the import that declares its tests. */
export async function run(
  files: Record<string, () => Promise<unknown>>,
  log: Log = console.log,
  onResult: (result: Result) => void = () => undefined,
): Promise<Report> {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0, file: '', log, onResult };
  for (const [name, load] of Object.entries(files)) {
    const began = performance.now();
    const file = suiteOf('', null, false);
    const before = { ...tally };
    tally.file = name;
    current = file;
    try {
      await load();
    } catch (error) {
      fail(tally, '(the file)', error);
    }
    await runSuite(file, '', false, tally);
    log(
      `${tally.failed > before.failed ? 'FAIL' : 'ok  '} ${name} (${tally.passed - before.passed})`,
    );
    onResult({ file: name, seconds: (performance.now() - began) / 1000 });
  }
  const { passed, failed, skipped } = tally;
  return { passed, failed, skipped };
}

async function runSuite(suite: Suite, path: string, skip: boolean, tally: Tally): Promise<void> {
  const skipAll = skip || suite.skip;
  try {
    if (!skipAll) for (const hook of suite.beforeAll) await limited(hook.body, hook.timeout);
  } catch (error) {
    fail(tally, within(path, 'beforeAll'), error);
    for (const child of suite.children) failAll(child, path, tally);
    return;
  }
  for (const child of suite.children) {
    const name = within(path, child.name);
    if ('children' in child) await runSuite(child, name, skipAll, tally);
    else if (skipAll || child.skip) count(tally, 'skipped', name);
    else await runTest(child, suite, name, tally);
  }
  try {
    if (!skipAll) for (const hook of suite.afterAll) await limited(hook.body, hook.timeout);
  } catch (error) {
    fail(tally, within(path, 'afterAll'), error);
  }
}

/** A test that its suite's `beforeAll` kept from running has not passed. */
function failAll(child: Suite | Test, path: string, tally: Tally): void {
  const name = within(path, child.name);
  if (child.skip) return;
  if ('children' in child) for (const inner of child.children) failAll(inner, name, tally);
  else fail(tally, name, new Error('not run: beforeAll failed'));
}

async function runTest(test: Test, suite: Suite, name: string, tally: Tally): Promise<void> {
  const chain: Suite[] = [];
  for (let at: Suite | null = suite; at !== null; at = at.parent) chain.unshift(at);
  try {
    try {
      for (const { beforeEach } of chain)
        for (const hook of beforeEach) await limited(hook.body, hook.timeout);
      await limited(test.body, test.timeout);
    } finally {
      for (const { afterEach } of chain.reverse())
        for (const hook of afterEach) await limited(hook.body, hook.timeout);
    }
    count(tally, 'passed', name);
  } catch (error) {
    fail(tally, name, error);
  }
}

async function limited(body: Body, timeout: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${timeout} ms`)), timeout);
  });
  try {
    await Promise.race([body(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function fail(tally: Tally, name: string, error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  count(tally, 'failed', name);
  tally.log(`FAIL ${tally.file} > ${name}\n${message}\n`);
}

function count(tally: Tally, state: 'passed' | 'failed' | 'skipped', test: string): void {
  tally[state]++;
  tally.onResult({ file: tally.file, test, state });
}

const within = (path: string, name: string): string => (path === '' ? name : `${path} > ${name}`);

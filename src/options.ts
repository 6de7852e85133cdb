/**
 * The options of public functions. A name that a function does not know and a value that cannot be are errors where the options are read, in one
 * wording. An option's name, its default and what it must be stand in one place: `readOptions('adam', options, { beta1: 0.9 }, { beta1: SHARE })`.
 */

import { withDefaults } from './defaults.ts';

/** What a value must be, in words; whether it is; and the names, where it is one of some. */
export type Check = readonly [
  expected: string,
  holds: (value: unknown) => boolean,
  names?: readonly unknown[],
];
export type Checks<T> = { readonly [Name in keyof T]?: Check };

// ---- what a value can be ----------------------------------------------------------------------------------------------

/** Devices compute in float32, where a larger number is infinite. */
const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(Math.fround(value));
const isWhole = (value: unknown, least: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least;

export const NUMBER: Check = ['a finite number', isNumber];
export const POSITIVE: Check = ['a number above 0', (n) => isNumber(n) && Math.fround(n) > 0];
export const NOT_NEGATIVE: Check = ['a number from 0 on', (n) => isNumber(n) && n >= 0];
export const FRACTION: Check = ['a number from 0 to 1', (n) => isNumber(n) && n >= 0 && n <= 1];
export const SHARE: Check = ['a number from 0 to below 1', (n) => isNumber(n) && n >= 0 && n < 1];
export const COUNT: Check = ['a positive whole number', (n) => isWhole(n, 1)];
export const WHOLE: Check = ['a whole number from 0 on', (n) => isWhole(n, 0)];
export const INTEGER: Check = ['a whole number', (n) => isWhole(n, -Infinity)];
export const FLAG: Check = ['true or false', (value) => typeof value === 'boolean'];
export const TEXT: Check = ['a string', (value) => typeof value === 'string'];
/** Of what is kept in objects by its name. */
export const NAME: Check = [
  'a name',
  (value) => typeof value === 'string' && value !== '' && value !== '__proto__',
];
export const CALLABLE: Check = [
  'a function',
  (value) => typeof value === 'function' && !isClass(value),
];
/** `findIndex` visits holes too, as `every` does not. */
const hasHoles = (list: readonly unknown[]): boolean =>
  list.findIndex((_, place) => !(place in list)) >= 0;
export const LIST: Check = ['a list', (value) => Array.isArray(value) && !hasHoles(value)];
export const LISTLIKE: Check = [
  'a list or a typed array',
  (value) => LIST[1](value) || (ArrayBuffer.isView(value) && 'length' in value),
];
/** Whether it is a list of nothing else. */
export const isListOf = (value: unknown, holds: (item: unknown) => boolean): value is unknown[] =>
  LIST[1](value) && (value as unknown[]).every((item) => holds(item));
export const INTEGERS: Check = [
  'a list of whole numbers',
  (value) => isListOf(value, Number.isSafeInteger),
];
export const SHAPE: Check = [
  'a list of whole numbers from 0 on',
  (value) => isListOf(value, (n) => isWhole(n, 0)),
];
export const DEVICE: Check = [
  'a device, such as await best() gives',
  (value) => typeof (value as { alloc?: unknown } | null)?.alloc === 'function',
];
/** At once or one after the other. */
export const ITERABLE: Check = [
  'what can be iterated, such as a generator',
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    (Symbol.iterator in value || Symbol.asyncIterator in value),
];
export const SIGNAL: Check = ['an AbortSignal', (value) => value instanceof AbortSignal];
export const oneOf = (names: readonly unknown[]): Check => [
  `one of ${names.join(', ')}`,
  (value) => names.includes(value),
  names,
];

/** Stands for the default of an option that has none and must be given. */
export const REQUIRED = Symbol('required') as never;

/** What a default says of the option's values where nothing else does. */
const KINDS: Readonly<Record<string, Check | undefined>> = {
  boolean: FLAG,
  number: NUMBER,
  string: TEXT,
  function: CALLABLE,
};

// ---- checks -----------------------------------------------------------------------------------------------------------

/**
 * The value, if it is what it must be.
 *
 * @param what who says so: a function, or a layer by its name
 * @param name the option, or the argument
 */
export function check<T>(what: string, name: string, value: T, [expected, holds, names]: Check): T {
  if (holds(value)) return value;
  const close = typeof value === 'string' ? hint(value, names) : '';
  const isInside = typeof value === 'object' && value !== null && name in value;
  const advice = isInside ? `; give ${name} itself, not in an object` : close;
  throw new Error(`${what}: expected ${name} to be ${expected}, got ${show(value)}${advice}`);
}

/** @throws Error where `given` is no object of options, or has one that is not among the names */
export function checkNames(what: string, given: object | null, names: readonly string[]): void {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  const isPlain = isObject && kindOf(given) === 'Object';
  const all = isObject ? Object.keys(given) : [];
  const unknown = all.find((name) => !names.includes(name));
  // A promise and a map have no names at all.
  if (unknown === undefined && (isPlain || all.length > 0)) return;
  const got =
    isPlain && unknown !== undefined
      ? `'${unknown}'${hint(unknown, names) || '; leave it out, or check its spelling'}`
      : `${show(given)}; give them by name, in an object`;
  const expected = names.length > 0 ? `options of ${names.join(', ')}` : 'no options';
  throw new Error(`${what}: expected ${expected}, got ${got}`);
}

/**
 * The options named in `defaults`, each with the given value or, where that is null or undefined, its default. Another name is an error; an option
 * without a default is undefined in `defaults`.
 *
 * @param checks what values must be, of those that are REQUIRED too; that of an option whose default is a number, a string, true or false must be
 *   that as well
 */
export function readOptions<T extends object>(
  what: string,
  given: object,
  defaults: T,
  checks: Checks<T> = {},
): T {
  checkNames(what, given, Object.keys(defaults));
  const options = withDefaults(given, defaults);
  for (const [name, value] of Object.entries(options) as [keyof T & string, unknown][]) {
    const must = checks[name] ?? KINDS[typeof defaults[name]];
    if (value === REQUIRED) check(what, name, undefined, must!);
    else if (must && value !== defaults[name]) check(what, name, value, must);
  }
  return options;
}

/** How many numbers a result [rows, width] has. @throws Error where they would fill the memory: above 4 GiB of float32 */
export function sizeFor(what: string, rows: number, width: number): number {
  const size = rows * width;
  if (size <= 2 ** 30) return size;
  throw new Error(`${what}: expected at most 2^30 numbers, got ${rows} x ${width}; take fewer`);
}

// ---- what was meant ---------------------------------------------------------------------------------------------------

/** `; did you mean 'batchSize'?` where one of the names is close to `batch_size`. */
export function hint(given: string, names: readonly unknown[] = []): string {
  const found = closest(given, names.map(String));
  return found === undefined ? '' : `; did you mean '${found}'?`;
}

/** The name that differs by case and underscores alone, that was shortened (`lr`, `maxLen`), or misspelt by a letter in five. */
function closest(given: string, names: readonly string[]): string | undefined {
  const wanted = lettersOf(given.slice(0, 40));
  let [best, most]: [string | undefined, number] = [undefined, 0];
  for (const name of names) {
    const known = lettersOf(name);
    const common = inCommon(wanted, known);
    const likeness = (2 * common) / (wanted.length + known.length);
    const isShort = wanted.length > 1 && common === wanted.length && wanted[0] === known[0];
    if ((isShort || likeness >= 0.8) && likeness > most) [best, most] = [name, likeness];
  }
  return best;
}

/** A name but for case and underscores. */
export const lettersOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** How many letters both have in one order. */
function inCommon(a: string, b: string): number {
  let row = Array<number>(b.length + 1).fill(0);
  for (const letter of a) {
    const next = [0];
    for (let j = 0; j < b.length; j++)
      next.push(letter === b[j] ? row[j] + 1 : Math.max(row[j + 1], next[j]));
    row = next;
  }
  return row[b.length];
}

/**
 * A value in a few words, for errors, and what it lacks where it was given in place of another one: `'adm'`, `a list of 3`,
 * `a tensor float32[2,3]`, `a function that was not called`, `a promise that was not awaited`.
 */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 60)}'`;
  if (typeof value === 'function')
    return isClass(value) ? `the class ${value.name} itself` : 'a function that was not called';
  if (typeof value !== 'object' || value === null) {
    const overflows = Number.isFinite(value) && !isNumber(value);
    return `${String(value)}${overflows ? ', which is infinite in float32' : ''}`;
  }
  if (Array.isArray(value))
    return `a list of ${value.length}${hasHoles(value) ? ' with holes' : ''}`;
  const kind = kindOf(value);
  if (ArrayBuffer.isView(value) && 'length' in value) return `a ${kind} of ${String(value.length)}`;
  if ('then' in value) return 'a promise that was not awaited';
  // Objects of the library are told by what they have: this file knows none of their classes.
  const { name } = value as { name?: unknown };
  if ('storage' in value && 'device' in value) return `a tensor ${textOf(value)}`;
  if ('call' in value && 'index' in value) return `the symbolic tensor ${textOf(value)}`;
  if ('className' in value) return `the layer '${String(name)}'`;
  if (kind !== 'Object') return `an object (${kind})`;
  const names = Object.keys(value).slice(0, 6).join(', ');
  return names ? `an object with ${names}` : 'an object';
}

/** The name of its class: `Object` of a plain one. */
export const kindOf = (value: object): string =>
  (Object.getPrototypeOf(value) as object | null)?.constructor.name ?? 'Object';

const textOf = (value: { toString(): string }): string => value.toString();

/** The beginning of a text of any length, for errors; of what JSON has no text for, `undefined`. */
export function excerpt(text: string | undefined, most = 60): string {
  const all = String(text);
  return all.length > most ? `${all.slice(0, most)}…` : all;
}

/** Whether a function can be called with `new` alone. */
export const isClass = (value: unknown): boolean =>
  typeof value === 'function' &&
  // Arrow functions have none, and are told apart at once.
  Object.hasOwn(value, 'prototype') &&
  /^class\b/.test(Function.prototype.toString.call(value));

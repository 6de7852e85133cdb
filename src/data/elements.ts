/**
 * The elements that a dataset may have: values (numbers, strings, arrays) and structures of values (records and pairs).
 *
 * A list whose entries are all numbers, all strings or all lists is one value. Any other list of two or three entries is
 * a pair `[x, y]` or `[x, y, sampleWeight]`, as `fit` takes them. Write a pair of two numbers or of two lists as `{ x, y }`,
 * since `[x, y]` would be one value.
 */

import { isListOf, show } from '../options.ts';

/** The array types of batches; other types become Float32Array. @inline */
export type Numbers = Float32Array | Float64Array | Int32Array;
/** Numbers, or lists of such lists. */
export type NumberLists = readonly (number | boolean)[] | readonly NumberLists[];
/** Typed arrays that become Float32Array. @inline */
type OtherNumbers = Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array;
/** Typed arrays of numbers. @inline */
type AnyNumbers = Numbers | OtherNumbers | Uint32Array;
/** Row-major numbers with their shape. */
export interface Shaped {
  /** Row-major values. */
  readonly data: ArrayLike<number>;
  /** Extents of the axes. */
  readonly shape: readonly number[];
}
/** What is stacked to an array. */
export type ArrayValue = number | boolean | NumberLists | AnyNumbers | Shaped;

/** Row-major numbers with their shape, as `fit` takes them. */
export interface StackedArray {
  /** Row-major values. */
  readonly data: Numbers;
  /** The first axis counts the elements of the batch. */
  readonly shape: readonly number[];
}

/** The type of a batch of elements of type T: arrays get a new first axis, strings become lists. */
export type Batched<T> = T extends string
  ? string[]
  : T extends ArrayValue
    ? StackedArray
    : T extends readonly string[]
      ? T[]
      : T extends readonly [infer X, infer Y]
        ? [Batched<X>, Batched<Y>]
        : T extends readonly [infer X, infer Y, infer W]
          ? [Batched<X>, Batched<Y>, Batched<W>]
          : { -readonly [K in keyof T]: Batched<T[K]> };

export type Kind = 'number' | 'string' | 'strings' | 'array' | 'pair' | 'record';
export const PAIR = ['x', 'y', 'sampleWeight'] as const;

/** The kind of an element. @throws Error if elements like it cannot be batched */
export function kindOf(value: unknown, where: string): Kind {
  if (typeof value === 'number' || typeof value === 'boolean') return 'number';
  if (typeof value === 'string') return 'string';
  if (isTyped(value)) return 'array';
  if (Array.isArray(value)) {
    const all = (test: (entry: unknown) => boolean) => isListOf(value, test);
    if (all((one) => typeof one === 'number' || typeof one === 'boolean')) return 'array';
    if (all((one) => typeof one === 'string')) return 'strings';
    if (all((one) => Array.isArray(one))) return 'array';
    if (value.length === 2 || value.length === 3) return 'pair';
  } else if (isShaped(value)) return 'array';
  else if (isRecord(value)) return 'record';
  throw new Error(
    `${where}: expected numbers, strings, arrays of numbers, records or pairs of them, got ${show(value)}`,
  );
}

export function isTyped(value: unknown): value is AnyNumbers {
  return ArrayBuffer.isView(value) && 'length' in value && typeof value.length === 'number';
}

export function isShaped(value: unknown): value is Shaped {
  return typeof value === 'object' && value !== null && 'data' in value && 'shape' in value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The part of a pair or a record with a given name. */
export function partOf(element: unknown, kind: Kind, name: string): unknown {
  if (kind === 'pair') return (element as unknown[])[PAIR.indexOf(name as 'x')];
  return (element as Record<string, unknown>)[name];
}

export function namesOf(element: unknown, kind: Kind): string[] {
  if (kind === 'pair') return PAIR.slice(0, (element as unknown[]).length);
  return Object.keys(element as object).filter(
    (name) => (element as Record<string, unknown>)[name] !== undefined,
  );
}

/** The numbers of an array in row-major order, with their shape. */
export function flatten(value: unknown, where: string): Shaped {
  if (isTyped(value)) return { data: value, shape: [value.length] };
  if (isShaped(value)) {
    const size = value.shape.reduce((product, extent) => product * extent, 1);
    if (size === value.data.length) return value;
    throw new Error(
      `${where}: shape [${value.shape.join(',')}] needs ${size} values, got ${value.data.length}`,
    );
  }
  const data: number[] = [];
  const shape: number[] = [];
  for (let first = value; Array.isArray(first); first = first[0]) shape.push(first.length);
  const visit = (entry: unknown, axis: number): void => {
    const fits = Array.isArray(entry) ? entry.length === shape[axis] : axis === shape.length;
    if (!fits || (axis === shape.length && typeof entry !== 'number' && typeof entry !== 'boolean'))
      throw new Error(
        `${where}: expected lists of one shape [${shape.join(',')}] all through, got ${show(entry)} at depth ${axis}`,
      );
    if (Array.isArray(entry)) for (const inner of entry) visit(inner, axis + 1);
    else data.push(Number(entry));
  };
  visit(value, 0);
  return { data, shape };
}

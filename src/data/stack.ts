/** Stacks elements into a batch: records and pairs part by part, arrays along a new first axis. */
import { NUMBER, show, sizeFor } from '../options.ts';
import type { Check } from '../options.ts';
import { flatten, kindOf, namesOf, partOf } from './elements.ts';
import type { Numbers, Shaped, StackedArray } from './elements.ts';

/** A number for all parts, or numbers by the part's name; parts of parts are named `x.ids`. @inline */
export type ByPart = number | Readonly<Record<string, number>>;

/** How `Dataset.batch` ends. */
export interface BatchingOptions {
  /** Drops the last batch if it is not full; false by default. */
  dropRemainder?: boolean;
}

/** How `Dataset.paddedBatch` pads. */
export interface PaddingOptions extends BatchingOptions {
  /** The value that pads shorter arrays at their end: a number, or by the part's name, `{ x: 0, y: -1 }`; 0 by default. */
  paddingValue?: ByPart;
  /**
   * The length of sequences after padding, by the part's name; a single number applies to x, or to elements without parts. By
   * default that of the longest in the batch.
   */
  length?: ByPart;
}

/** How to pad shorter arrays. */
export interface Padding {
  readonly paddingValue: ByPart;
  /** Extent of the first axis after padding; null for the longest in the batch. */
  readonly length: ByPart | null;
}

export const PADDING = { dropRemainder: false, paddingValue: 0, length: null as never };
/** What a `ByPart` must be. */
export const BY_PART: Check = [
  'a finite number, or numbers by the names of parts',
  (value) =>
    NUMBER[1](value) ||
    (typeof value === 'object' && value !== null && Object.values(value).every(NUMBER[1])),
];

/**
 * @param elements at least one, all with the same structure
 * @param padding null if all arrays must have one shape
 * @throws Error if structures or shapes differ
 */
export function stack(elements: readonly unknown[], padding: Padding | null, part = ''): unknown {
  const what = padding ? 'paddedBatch' : 'batch';
  const where = part ? `${what}: '${part}'` : what;
  const [first] = elements;
  const kind = kindOf(first, where);
  for (const element of elements) {
    const other = kindOf(element, where);
    if (other !== kind)
      throw new Error(
        `${where}: expected elements of one structure, got ${show(first)} and ${show(element)}`,
      );
  }
  if (kind === 'string' || kind === 'strings') return elements;
  if (kind === 'number')
    return { data: Float32Array.from(elements, Number), shape: [elements.length] };
  if (kind === 'array')
    return stackArrays(
      elements.map((element) => flatten(element, where)),
      padding && {
        value: byPart(padding.paddingValue, part) ?? 0,
        length: lengthOf(padding, part),
      },
      where,
    );
  const names = namesOf(first, kind);
  for (const element of elements) {
    const others = namesOf(element, kind);
    if (others.length !== names.length || !names.every((name) => others.includes(name)))
      throw new Error(
        `${where}: expected elements of one structure, got parts ${names.join(', ')} and ${others.join(', ')}`,
      );
  }
  const parts = names.map((name) => {
    const values = elements.map((element) => partOf(element, kind, name));
    return [name, stack(values, padding, part ? `${part}.${name}` : name)] as const;
  });
  return kind === 'pair' ? parts.map(([, value]) => value) : Object.fromEntries(parts);
}

const byPart = (values: ByPart, part: string): number | undefined =>
  typeof values === 'number' ? values : values[part];

/** A single number applies only to the whole element or to its x: targets need not be sequences. */
function lengthOf({ length }: Padding, part: string): number | null {
  if (length === null) return null;
  if (typeof length === 'number') return part === '' || /^x(\.|$)/.test(part) ? length : null;
  return length[part] ?? null;
}

function stackArrays(
  arrays: readonly Shaped[],
  padding: { value: number; length: number | null } | null,
  where: string,
): StackedArray {
  const shape = padding ? paddedShape(arrays, padding.length, where) : [...arrays[0].shape];
  const size = shape.reduce((product, extent) => product * extent, 1);
  const data = new (typeOf(arrays))(sizeFor(where, arrays.length, size));
  if (padding && padding.value !== 0) {
    if (data instanceof Int32Array && !Number.isInteger(padding.value))
      throw new Error(
        `${where}: expected a whole paddingValue for ids, got ${show(padding.value)}`,
      );
    data.fill(padding.value);
  }
  arrays.forEach((array, i) => {
    const same = array.shape.length === shape.length && array.shape.every((n, k) => n === shape[k]);
    if (same) data.set(array.data, i * size);
    else if (padding) copyInto(data, i * size, shape, array);
    else
      throw new Error(
        `${where}: expected elements of one shape, got [${shape.join(',')}] and [${array.shape.join(',')}]; use paddedBatch`,
      );
  });
  return { data, shape: [arrays.length, ...shape] };
}

function typeOf(arrays: readonly Shaped[]): new (length: number) => Numbers {
  if (arrays.every(({ data }) => data instanceof Int32Array)) return Int32Array;
  if (arrays.every(({ data }) => data instanceof Float64Array)) return Float64Array;
  return Float32Array;
}

/** The largest extent of every axis. */
function paddedShape(arrays: readonly Shaped[], length: number | null, where: string): number[] {
  const shape: number[] = [];
  const rank = Math.max(...arrays.map((array) => array.shape.length));
  for (const array of arrays) {
    // An empty list is accepted, since its rank is unknown.
    if (array.shape.length !== rank && array.data.length > 0)
      throw new Error(
        `${where}: expected elements of ${rank} axes, got shape [${array.shape.join(',')}]`,
      );
    array.shape.forEach((extent, axis) => (shape[axis] = Math.max(shape[axis] ?? 0, extent)));
  }
  if (length === null || rank === 0) return shape;
  if (shape[0] > length)
    throw new Error(
      `${where}: expected at most length ${length}, got a sequence of ${shape[0]}; cut it in map(), or raise length`,
    );
  shape[0] = length;
  return shape;
}

function copyInto(to: Numbers, begin: number, shape: readonly number[], from: Shaped): void {
  const row = from.shape.at(-1) ?? 1;
  for (let at = 0; at < from.data.length; at += row) {
    let target = 0;
    for (let axis = 0, stride = from.data.length, rest = at; axis < shape.length - 1; axis++) {
      stride /= from.shape[axis];
      target = (target + Math.floor(rest / stride)) * shape[axis + 1];
      rest %= stride;
    }
    for (let i = 0; i < row; i++) to[begin + target + i] = from.data[at + i];
  }
}

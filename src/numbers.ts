/** Numbers on the host: shapes, and the forms in which users give them. */
import type { NumericArray } from './backend.ts';
import { show } from './options.ts';

/** Extents of the axes of a tensor, the batch first; [] for a single number. */
export type Shape = readonly number[];
/** A number, or numbers in nested lists. */
export type Nested = number | readonly Nested[];

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** The shape of numbers. @throws Error where they are none, or rows differ in length */
export function shapeOf(data: Nested | NumericArray, what = 'tensor'): number[] {
  if (typeof data === 'number' || typeof data === 'boolean') return [];
  // A DataView has no length, and a BigInt64Array no numbers.
  if (ArrayBuffer.isView(data) && typeof (data.length && (data[0] as unknown)) === 'number')
    return [data.length];
  if (!Array.isArray(data))
    throw new Error(
      `${what}: expected a tensor, a number, nested lists of numbers or a typed array, got ${show(data)}`,
    );
  if (data.length === 0) return [0];
  const first = shapeOf(data[0] as Nested, what);
  for (const [index, item] of (data as readonly Nested[]).entries()) {
    const shape = typeof item === 'number' && first.length === 0 ? first : shapeOf(item, what);
    if (!sameShape(shape, first))
      throw new Error(
        `${what}: rows must have one shape; row 0 is [${first}], row ${index} is [${shape}] (pad them first)`,
      );
  }
  return [data.length, ...first];
}

/** The numbers of nested lists, row-major; a typed array stays as it is. */
export function flatten(data: Nested | NumericArray): NumericArray | number[] {
  if (ArrayBuffer.isView(data)) return data;
  const flat: number[] = [];
  const visit = (item: unknown): void => {
    if (typeof item === 'object') for (const one of item as Iterable<unknown>) visit(one);
    else flat.push(Number(item));
  };
  visit(data);
  return flat;
}

/** Nested lists of that shape; a number where there is no axis. */
export function nest(values: NumericArray, shape: Shape): Nested {
  if (shape.length === 0) return values[0];
  if (shape.length === 1) return Array.from(values);
  const rest = shape.slice(1);
  const size = sizeOf(rest);
  return Array.from({ length: shape[0] }, (_, i) =>
    nest(values.subarray(i * size, (i + 1) * size), rest),
  );
}

/** The smallest and the largest of whole numbers. @throws Error if a value is not a whole number */
export function rangeOf(what: string, values: ArrayLike<number>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== (value | 0))
      throw new Error(`${what}: an int32 tensor needs whole numbers, got ${value} at index ${i}`);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

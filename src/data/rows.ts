/** The rows of arrays in memory. */
import { show } from '../options.ts';
import { isRecord, isShaped, isTyped } from './elements.ts';
import type { Shaped } from './elements.ts';

export interface Rows {
  readonly size: number;
  /** The row at an index: a view if the array is a typed array. */
  row(index: number): unknown;
}

/** The type of the elements that `fromArrays` makes of an array of type T. */
export type RowOf<T> = T extends readonly (infer E)[]
  ? E
  : T extends { readonly data: infer D; readonly shape: readonly number[] }
    ? number | D | { data: D; shape: readonly number[] }
    : T extends ArrayLike<number>
      ? number
      : { -readonly [K in keyof T]: RowOf<T[K]> };

/** @throws Error if the arrays have different numbers of rows */
export function rowsOf(arrays: unknown, where = 'fromArrays'): Rows {
  if (Array.isArray(arrays) || isTyped(arrays))
    return { size: arrays.length, row: (index) => arrays[index] as unknown };
  if (isShaped(arrays)) return shapedRows(arrays, where);
  if (!isRecord(arrays) || Object.keys(arrays).length === 0)
    throw new Error(
      `${where}: expected lists, typed arrays, { data, shape } or a record of them, got ${show(arrays)}`,
    );
  const parts = Object.entries(arrays).map(
    ([name, part]) => [name, rowsOf(part, `${where}: '${name}'`)] as const,
  );
  const size = parts[0][1].size;
  for (const [name, part] of parts)
    if (part.size !== size)
      throw new Error(
        `${where}: expected as many rows in every array, got ${size} in '${parts[0][0]}' and ${part.size} in '${name}'`,
      );
  return {
    size,
    row: (index) => Object.fromEntries(parts.map(([name, part]) => [name, part.row(index)])),
  };
}

function shapedRows({ data, shape }: Shaped, where: string): Rows {
  const [size, ...rest] = shape;
  const width = rest.reduce((product, extent) => product * extent, 1);
  if (size === undefined || size * width !== data.length)
    throw new Error(
      `${where}: shape [${shape.join(',')}] does not hold the ${data.length} values given`,
    );
  return {
    size,
    row(index) {
      if (rest.length === 0) return data[index];
      const begin = index * width;
      const row = isTyped(data)
        ? data.subarray(begin, begin + width)
        : Array.prototype.slice.call(data, begin, begin + width);
      return rest.length === 1 ? row : { data: row as ArrayLike<number>, shape: rest };
    },
  };
}

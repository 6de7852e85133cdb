/** The values of a tensor as text. Loaded when `tensor.print()` asks for it. */
import type { NumericArray } from './backend.ts';

/** Of an axis longer than twice this, so many from its beginning and so many from its end. */
const EDGE = 3;

/** Rows in brackets, a line for each of the innermost ones; numbers to six digits. */
export function rowsOf(values: NumericArray, shape: readonly number[], indent = ' '): string {
  if (shape.length === 0) return String(Number(values[0].toPrecision(6)));
  const [count, ...rest] = shape;
  const size = values.length / count;
  const row = (i: number): string =>
    rowsOf(values.subarray(i * size, (i + 1) * size), rest, `${indent} `);
  const places = Array.from({ length: count }, (_, i) => i);
  const shown =
    count <= 2 * EDGE
      ? places.map(row)
      : [...places.slice(0, EDGE).map(row), '…', ...places.slice(-EDGE).map(row)];
  return `[${shown.join(rest.length > 0 ? `,\n${indent}` : ', ')}]`;
}

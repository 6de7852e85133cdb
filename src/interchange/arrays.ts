/** Arrays of numbers with their shapes, moved about as the layouts of frameworks differ. */
import { sizeOf } from '../tensor.ts';

export interface Floats {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: readonly number[];
}

export const floats = (
  shape: readonly number[],
  data = new Float32Array(sizeOf(shape)),
): Floats => ({ data, shape });

/** In elements, of a row-major array. */
export const stridesOf = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** Fills `out`, of that shape, with what stands in `data` from `offset` on with these strides, in elements. */
export function readStrided(
  data: ArrayLike<number>,
  out: { [index: number]: number; readonly length: number },
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): void {
  const place = shape.map(() => 0);
  for (let i = 0, from = offset; i < out.length; i++) {
    out[i] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++place[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      place[axis] = 0;
    }
  }
}

/** The axes in another order: output axis k is input axis `order[k]`. */
export function permute({ data, shape }: Floats, order: readonly number[]): Floats {
  const strides = stridesOf(shape);
  const out = order.map((axis) => shape[axis]);
  const result = new Float32Array(data.length);
  const steps = order.map((axis) => strides[axis]);
  readStrided(data, result, out, steps);
  return { data: result, shape: out };
}

export const transpose = (matrix: Floats): Floats => permute(matrix, [1, 0]);

/** Equal blocks along the first axis, in another order: block k of the result is block `order[k]`. */
export function blocks({ data, shape }: Floats, order: readonly number[]): Floats {
  const size = data.length / order.length;
  const result = new Float32Array(data.length);
  order.forEach((from, k) => result.set(data.subarray(from * size, (from + 1) * size), k * size));
  return { data: result, shape };
}

export function add(a: Floats, b: Floats): Floats {
  return { shape: a.shape, data: a.data.map((value, i) => value + b.data[i]) };
}

/** Vectors as the rows of a matrix. */
export function stack(rows: readonly Floats[]): Floats {
  const width = rows[0].data.length;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, k) => data.set(row.data, k * width));
  return { data, shape: [rows.length, width] };
}

/** The rows of a matrix. */
export function rows({ data, shape: [count, width] }: Floats): Floats[] {
  return Array.from({ length: count }, (_, k) => ({
    data: data.slice(k * width, (k + 1) * width),
    shape: [width],
  }));
}

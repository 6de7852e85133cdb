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

/** The axes in another order: output axis k is input axis `order[k]`. */
export function permute({ data, shape }: Floats, order: readonly number[]): Floats {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const out = order.map((axis) => shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  const result = new Float32Array(data.length);
  const place = out.map(() => 0);
  for (let i = 0, from = 0; i < result.length; i++) {
    result[i] = data[from];
    for (let axis = out.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++place[axis] < out[axis]) break;
      from -= steps[axis] * out[axis];
      place[axis] = 0;
    }
  }
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

/** Matrices with a row for each frame, and checks of what users pass for them. */
import { show } from '../options.ts';

/** A matrix [frames, columns], row-major, as `fit` and `predict` take it for one sequence. */
export interface AudioArray {
  /** Row-major values: frame after frame. */
  readonly data: Float32Array<ArrayBuffer>;
  /** Frames, and the numbers of each. */
  readonly shape: [frames: number, columns: number];
}

/** A matrix that functions take: an `AudioArray`, or any other row-major numbers with two extents. */
export interface NumberMatrix {
  /** Row-major values. */
  readonly data: ArrayLike<number>;
  /** Rows and columns. */
  readonly shape: readonly number[];
}

/** What is computed with. */
export interface Matrix {
  readonly data: Float64Array;
  readonly shape: [rows: number, columns: number];
}

export const rounded = ({ data, shape }: Matrix): AudioArray => ({
  data: Float32Array.from(data),
  shape,
});

/** @throws Error if `value` is not a matrix of numbers with at least one element */
export function checkMatrix(what: string, value: NumberMatrix): NumberMatrix {
  const { data, shape } = (value ?? {}) as Partial<NumberMatrix>;
  if (!data || !Array.isArray(shape))
    throw new Error(`${what}: expected { data, shape: [frames, columns] }, got ${show(value)}`);
  const [rows, columns] = shape as number[];
  if (shape.length !== 2 || !(rows > 0 && columns > 0) || rows * columns !== data.length)
    throw new Error(
      `${what}: expected shape [frames, columns] for ${data.length} numbers, got [${shape.join(', ')}]`,
    );
  return value;
}

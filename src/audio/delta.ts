/** Derivatives of features over time. */
import { checkNames } from '../options.ts';
import { checkMatrix } from './audio_array.ts';
import type { AudioArray, NumberMatrix } from './audio_array.ts';
import { oneOf, wholeNumber } from './checks.ts';

/** Names and defaults are librosa's. */
export interface DeltaOptions {
  /** Frames that a polynomial is fitted to, an odd number of at least 3; 9 by default. */
  readonly width?: number;
  /** 1, the default, for the first derivative, 2 for the second one, and so on; less than `width`. */
  readonly order?: number;
  /**
   * At the ends: 'interp', the default, takes the polynomial of the first and last `width` frames, so that there must be as many; 'nearest'
   * repeats the first and last frame, for sequences of any length.
   */
  readonly mode?: 'interp' | 'nearest';
}

/**
 * The derivative of each column over time, a frame being the unit of time, as librosa's `feature.delta`: that of a polynomial of degree
 * `order` fitted to the `width` frames around (Savitzky and Golay 1964). MFCCs, deltas and deltas of order 2 side by side are the usual
 * input of a recognizer.
 *
 * @param x [frames, columns]
 * @returns [frames, columns]
 * @throws Error if width is even or below 3, or in mode 'interp' larger than the number of frames
 */
export function delta(x: NumberMatrix, options: DeltaOptions = {}): AudioArray {
  checkNames('delta', options, ['width', 'order', 'mode']);
  const { width = 9, order = 1 } = options;
  const { data, shape } = checkMatrix('delta', x);
  const [frames, columns] = shape;
  const mode = oneOf('delta: mode', options.mode ?? 'interp', ['interp', 'nearest']);
  wholeNumber('delta: width', width, 3);
  wholeNumber('delta: order', order, 1, width - 1);
  if (width % 2 === 0) throw new Error(`delta: width: expected an odd number, got ${width}`);
  if (mode === 'interp' && width > frames)
    throw new Error(
      `delta: expected at least as many frames as width, ${width}, got ${frames}; take a smaller width, or mode: 'nearest'`,
    );
  const weights = derivativeWeights(width, order);
  const half = width >> 1;
  const result = new Float32Array(frames * columns);
  for (let t = 0; t < frames; t++) {
    // The derivative of this order is the same everywhere on a polynomial of this degree: at the ends it is that of the nearest frame
    // with a whole window.
    const centre = mode === 'interp' ? Math.max(half, Math.min(frames - 1 - half, t)) : t;
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let i = -half; i <= half; i++) {
        const at = Math.max(0, Math.min(frames - 1, centre + i));
        sum += weights[half + i] * data[at * columns + column];
      }
      result[t * columns + column] = sum;
    }
  }
  return { data: result, shape: [frames, columns] };
}

/**
 * Factors of `width` values whose sum is the derivative of the polynomial fitted to them: order! times its leading coefficient, which is the
 * part of the values along i^order minus what lower powers explain.
 */
function derivativeWeights(width: number, order: number): Float64Array {
  const half = width >> 1;
  const dot = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  const orthogonal: Float64Array[] = [];
  let factorial = 1;
  for (let degree = 0; degree <= order; degree++) {
    const rest = Float64Array.from({ length: width }, (_, i) => (i - half) ** degree);
    for (const lower of orthogonal) {
      const share = dot(rest, lower) / dot(lower, lower);
      for (let i = 0; i < width; i++) rest[i] -= share * lower[i];
    }
    orthogonal.push(rest);
    factorial *= Math.max(1, degree);
  }
  const leading = orthogonal[order];
  const scale = factorial / dot(leading, leading);
  return leading.map((value) => value * scale);
}

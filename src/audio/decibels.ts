/** Power in decibels. */
import { show } from '../options.ts';
import { checkMatrix, rounded } from './audio_array.ts';
import type { AudioArray, Matrix, NumberMatrix } from './audio_array.ts';
import { checkChain, positive } from './checks.ts';

/** Names and defaults are librosa's. */
export interface DecibelOptions {
  /** The power that is 0 dB; 1 by default. 'max': the largest one. */
  readonly ref?: number | 'max';
  /** Smaller powers, and a smaller `ref`, are taken for this one; 1e-10 by default. */
  readonly amin?: number;
  /** What is more than so many decibels below the largest value is raised to there; 80 by default, null for no limit. */
  readonly topDb?: number | null;
}

/** Checks the options of `what`, which is named in errors. */
export function decibels(
  what: string,
  { data, shape }: NumberMatrix,
  options: DecibelOptions,
): Matrix {
  const { ref = 1, amin = 1e-10, topDb = 80 } = options;
  positive(`${what}: amin`, amin);
  if (topDb !== null && !(typeof topDb === 'number' && topDb >= 0))
    throw new Error(`${what}: topDb: expected 0 or more, or null, got ${show(topDb)}`);
  let largest = -Infinity;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, data[i]);
  const zero = ref === 'max' ? largest : positive(`${what}: ref (or 'max')`, ref);
  const level = (power: number) =>
    10 * Math.log10(Math.max(amin, power)) - 10 * Math.log10(Math.max(amin, zero));
  const floor = topDb === null ? -Infinity : level(largest) - topDb;
  const result = Float64Array.from(data, (power) => Math.max(floor, level(power)));
  return { data: result, shape: [shape[0], shape[1]] };
}

/**
 * 10 log10(power / ref), as librosa's `power_to_db`.
 *
 * @param power [frames, columns], such as a mel spectrogram
 * @returns [frames, columns]
 * @throws Error if it is not a matrix, or an option is out of its range
 */
export function powerToDb(power: NumberMatrix, options: DecibelOptions = {}): AudioArray {
  checkChain('powerToDb', options);
  return rounded(decibels('powerToDb', checkMatrix('powerToDb', power), options));
}

/** Window functions, by the formulas of SciPy's `signal.windows`. */
import { readOptions, sizeFor } from '../options.ts';
import { oneOf, wholeNumber } from './checks.ts';

/** a0 - a1 cos(x) + a2 cos(2x), for x from 0 to 2π over the window. */
const COEFFICIENTS = {
  hann: [0.5, 0.5, 0],
  hamming: [0.54, 0.46, 0],
  blackman: [0.42, 0.5, 0.08],
  boxcar: [1, 0, 0],
} as const;

/** The windows that `getWindow` knows: hann, hamming, blackman, boxcar. */
export type WindowName = keyof typeof COEFFICIENTS;
const NAMES = Object.keys(COEFFICIENTS) as WindowName[];

/** Where a window of `getWindow` ends. */
export interface WindowOptions {
  /**
   * Whether the window is one period of a periodic function, the default, which is for spectra; otherwise its two ends are equal, as
   * filters need it.
   */
  readonly periodic?: boolean;
}

/**
 * A window [length], as SciPy's `get_window`: 'hann', 'hamming', 'blackman' or 'boxcar' (all ones).
 *
 * @throws Error for another name, or a length that is not a whole number of at least 1
 */
export function getWindow(
  name: WindowName,
  length: number,
  options: WindowOptions = {},
): Float64Array<ArrayBuffer> {
  const { periodic } = readOptions('getWindow', options, { periodic: true });
  const [a0, a1, a2] = COEFFICIENTS[oneOf('getWindow', name, NAMES)];
  sizeFor('getWindow', wholeNumber('getWindow: length', length, 1), 1);
  if (length === 1) return Float64Array.of(1);
  const step = (2 * Math.PI) / (periodic ? length : length - 1);
  return Float64Array.from(
    { length },
    (_, i) => a0 - a1 * Math.cos(i * step) + a2 * Math.cos(2 * i * step),
  );
}

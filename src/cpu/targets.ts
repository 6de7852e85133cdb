import type { NumericArray } from '../backend.ts';

/** What the cross-entropies over classes share: parameters, labels or targets, and how a row is to be treated. */
export interface ClassTargets {
  rows: number;
  classes: number;
  sparse: number;
  has_ignore: number;
  ignore: number;
  smoothing: number;
}

/** The probability that class `c` ought to have in a row: one-hot or given, then smoothed. */
export function targetOf(
  row: number,
  c: number,
  labels: NumericArray,
  targets: NumericArray,
  { sparse, classes, smoothing }: ClassTargets,
): number {
  const q = sparse ? (labels[row] === c ? 1 : 0) : targets[row * classes + c];
  return q * (1 - smoothing) + smoothing / classes;
}

/** `ignored` rows have no loss; `invalid` ones (a label out of range) have NaN. */
export function stateOf(
  row: number,
  labels: NumericArray,
  { sparse, classes, has_ignore, ignore }: ClassTargets,
): 'ignored' | 'invalid' | 'valid' {
  if (!sparse) return 'valid';
  const label = labels[row];
  if (has_ignore && label === ignore) return 'ignored';
  return label < 0 || label >= classes ? 'invalid' : 'valid';
}

const EPSILON = 1e-7;

/** Whether a probability lies outside of what the logarithm is taken of. */
export const isClipped = (p: number): boolean => p < EPSILON || p > 1 - EPSILON;

export const logClipped = (p: number): number =>
  Math.log(Math.min(Math.max(p, EPSILON), 1 - EPSILON));

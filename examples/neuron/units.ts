// Which unit of a layer follows a fact of the text.
import type { TraceArray } from '../../src/trace/index.ts';

/** Pearson's correlation coefficient; 0 where one of them does not change. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    sumA += a[i];
    sumB += b[i];
    sumAA += a[i] * a[i];
    sumBB += b[i] * b[i];
    sumAB += a[i] * b[i];
  }
  const spread = (sumAA - (sumA * sumA) / n) * (sumBB - (sumB * sumB) / n);
  return spread > 0 ? (sumAB - (sumA * sumB) / n) / Math.sqrt(spread) : 0;
}

export interface Found {
  readonly unit: number;
  /** On the first half, on which the unit was chosen, and on the second, which says how well it does. */
  readonly chosenBy: number;
  readonly measured: number;
  /** The unit's values on the whole text, of the sign with which they rise with the fact. */
  readonly values: Float32Array;
}

/**
 * The unit whose state is correlated most strongly with a fact, in the first half of the text.
 *
 * @param states [1, time, units]
 */
export function bestUnit({ data, shape }: TraceArray, fact: Float32Array): Found {
  const [, time, units] = shape;
  const half = Math.floor(time / 2);
  const valuesOf = (unit: number) =>
    Float32Array.from({ length: time }, (_, t) => data[t * units + unit]);
  let best = { unit: 0, chosenBy: 0, values: valuesOf(0) };
  for (let unit = 0; unit < units; unit++) {
    const values = valuesOf(unit);
    const r = correlation(values.subarray(0, half), fact.subarray(0, half));
    if (Math.abs(r) > Math.abs(best.chosenBy)) best = { unit, chosenBy: r, values };
  }
  const sign = best.chosenBy < 0 ? -1 : 1;
  return {
    unit: best.unit,
    chosenBy: Math.abs(best.chosenBy),
    measured: sign * correlation(best.values.subarray(half), fact.subarray(half)),
    values: best.values.map((value) => sign * value),
  };
}

/** Medians, quantiles and linear fits. */

/** @param values at least one */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param values at least one */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('mean: expected at least one value, got none');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The `q`-quantile of the values, interpolated linearly. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new Error('quantile: expected at least one value, got none');
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** The distance between the quartiles, relative to the median. */
  readonly spread: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const middle = median(values);
  return {
    median: middle,
    min: Math.min(...values),
    max: Math.max(...values),
    spread: middle === 0 ? 0 : (quantile(values, 0.75) - quantile(values, 0.25)) / middle,
  };
}

export interface Line {
  readonly a: number;
  readonly b: number;
  /** The largest distance of a point from the line, relative to the point. */
  readonly residual: number;
}

/**
 * Fits y = a + b·x by least squares of the relative errors, so that a step of 5 ms must fit as well as one of 500 ms; plain least
 * squares would mostly fit the long ones.
 */
export function fitLine(x: readonly number[], y: readonly number[]): Line {
  if (x.length !== y.length || x.length < 2)
    throw new Error(`fitLine: expected two points or more, got ${x.length} and ${y.length}`);
  let [w, wx, wxx, wy, wxy] = [0, 0, 0, 0, 0];
  x.forEach((value, i) => {
    const weight = 1 / y[i] ** 2;
    w += weight;
    wx += weight * value;
    wxx += weight * value * value;
    wy += weight * y[i];
    wxy += weight * value * y[i];
  });
  const b = (w * wxy - wx * wy) / (w * wxx - wx * wx);
  const a = (wy - b * wx) / w;
  const residual = Math.max(...x.map((value, i) => Math.abs(a + b * value - y[i]) / y[i]));
  return { a, b, residual };
}

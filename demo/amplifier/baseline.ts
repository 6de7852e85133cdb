// What can be had without a network: the share of the target's power that the best linear filter leaves.

/** Power of what is left of the target after the best filter with so many taps, divided by the power of the target. */
export function linearError(input: Float32Array, target: Float32Array, taps: number): number {
  const own = correlation(input, input, taps);
  const cross = correlation(target, input, taps);
  const filter = solveToeplitz(own, cross);
  const explained = filter.reduce((sum, weight, k) => sum + weight * cross[k], 0);
  return 1 - explained / correlation(target, target, 1)[0];
}

/** Σ a[i] b[i - k] for k below `lags`. */
function correlation(a: Float32Array, b: Float32Array, lags: number): Float64Array {
  return Float64Array.from({ length: lags }, (_, k) => {
    let sum = 0;
    for (let i = k; i < a.length; i++) sum += a[i] * b[i - k];
    return sum;
  });
}

/** x with Σ_j r[|i - j|] x[j] = y[i], by Levinson's recursion. */
function solveToeplitz(r: Float64Array, y: Float64Array): Float64Array {
  // A little white noise, so that silence and pure tones have a solution too.
  const power = r[0] * (1 + 1e-9) + 1e-30;
  const x = new Float64Array(y.length);
  let predictor = Float64Array.of(1);
  let error = power;
  x[0] = y[0] / power;
  for (let n = 1; n < y.length; n++) {
    let reflected = 0;
    for (let j = 0; j < n; j++) reflected -= predictor[j] * r[n - j];
    reflected /= error;
    const before = predictor;
    predictor = Float64Array.from(
      { length: n + 1 },
      (_, j) => (before[j] ?? 0) + reflected * (before[n - j] ?? 0),
    );
    error *= 1 - reflected ** 2;
    let missing = y[n];
    for (let j = 0; j < n; j++) missing -= r[n - j] * x[j];
    for (let j = 0; j <= n; j++) x[j] += (missing / error) * predictor[n - j];
  }
  return x;
}

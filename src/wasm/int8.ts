/** Weights as whole numbers from -127 to 127 times a scale for each column. */

/** The nearest such numbers. @throws Error if one of `values` is not finite */
export function toInt8(
  values: ArrayLike<number>,
  columns: number,
): { numbers: Int8Array; scales: Float32Array } {
  const scales = new Float32Array(columns);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new Error(`int8: expected finite numbers, got ${values[i]}`);
    scales[i % columns] = Math.max(scales[i % columns], Math.abs(values[i]) / 127);
  }
  const numbers = Int8Array.from(values, (value, i) => {
    const scale = scales[i % columns];
    return scale === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(value / scale)));
  });
  return { numbers, scales };
}

export const fromInt8 = (numbers: Int8Array, scales: Float32Array): Float32Array =>
  Float32Array.from(numbers, (number, i) => number * scales[i % scales.length]);

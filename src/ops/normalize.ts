import type { Tensor } from '../tensor.ts';
import { add, mul, rsqrt, sub } from './map.ts';
import { mean, variance } from './reduce.ts';

/** (x - mean) / sqrt(variance + epsilon), the mean and the variance over some axes. */
export function normalize(x: Tensor, axis: number | readonly number[], epsilon: number): Tensor {
  const over = { axis, keepDims: true };
  return mul(sub(x, mean(x, over)), rsqrt(add(variance(x, over), epsilon)));
}

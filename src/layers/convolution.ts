/** Convolution over one axis, as one product: y[t] = Σ_k x[t · strides + k · dilationRate] · kernel[k]. */
import type { Activation } from '../ops/activations.ts';
import { padWith } from '../ops/pad_with.ts';
import { reshape } from '../ops/shape.ts';
import { windows } from '../ops/windows.ts';
import type { Tensor } from '../tensor.ts';
import { affine } from './affine.ts';

export const PADDINGS = ['valid', 'same', 'causal'] as const;

export interface Convolution {
  readonly kernelSize: number;
  readonly strides: number;
  readonly padding: (typeof PADDINGS)[number];
  readonly dilationRate: number;
}

/**
 * Zeros before and after the input, and the number of outputs.
 *
 * @param what there are along the axis
 * @throws Error in the name of the layer, where the input is shorter than the kernel
 */
export function spanOf(
  layer: string,
  { kernelSize, strides, padding, dilationRate }: Convolution,
  time: number,
  what = 'time steps',
): { before: number; after: number; outputs: number } {
  const reach = dilationRate * (kernelSize - 1) + 1;
  if (padding === 'same') {
    const outputs = Math.ceil(time / strides);
    const added = Math.max((outputs - 1) * strides + reach - time, 0);
    const before = Math.floor(added / 2);
    return { before, after: added - before, outputs };
  }
  const before = padding === 'causal' ? reach - 1 : 0;
  if (before + time < reach)
    throw new Error(
      `${layer}: expected at least ${reach} ${what}, which its kernel spans, got ${time}; use padding: 'same' or longer inputs`,
    );
  return { before, after: 0, outputs: Math.floor((before + time - reach) / strides) + 1 };
}

/** activation(convolution of x + bias): x [batch, time, C], kernel [kernelSize, C, F]; the result is [batch, outputs, F]. */
export function convolve(
  layer: string,
  x: Tensor,
  weights: { readonly kernel: Tensor; readonly bias: Tensor | null },
  convolution: Convolution,
  activation: Activation = 'linear',
): Tensor {
  const { kernelSize, strides, dilationRate } = convolution;
  const [batch, time, features] = x.shape;
  const { before, after, outputs } = spanOf(layer, convolution, time);
  const padded = padWith(x, [
    [0, 0],
    [before, after],
    [0, 0],
  ]);
  const seen = windows(padded, kernelSize, strides, dilationRate);
  const rows = reshape(seen, [batch, outputs, kernelSize * features]);
  const kernel = reshape(weights.kernel, [kernelSize * features, weights.kernel.shape[2]]);
  return affine(rows, kernel, weights.bias, activation);
}

import { computed } from '../autograd.ts';
import { zeros } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { sum } from './reduce.ts';
import { copyStrided, readStrided } from './strided.ts';

/**
 * Windows over time: out[b, o, k] = x[b, o · stride + k · dilation], side by side, so that a convolution is one product.
 *
 * @param x float32 [B, T, C] of at least dilation · (size - 1) + 1 steps
 * @returns [B, O, size, C] of all O windows that lie in x
 */
export function windows(x: Tensor, size: number, stride: number, dilation: number): Tensor {
  const [batch, time, channels] = x.shape;
  const count = Math.floor((time - dilation * (size - 1) - 1) / stride) + 1;
  const steps = [time * channels, stride * channels, dilation * channels, 1];
  const out = readStrided('windows', x, [batch, count, size, channels], steps);
  return computed(out, [x], (gradient) => {
    // Windows overlap, but not at one place k in them: each place gets its own copy of x to write to.
    const apart = zeros([size, ...x.shape], 'float32', x.device);
    copyStrided('windows', gradient, apart, [
      { extent: batch, from: count * size * channels, to: steps[0] },
      { extent: count, from: size * channels, to: steps[1] },
      { extent: size, from: channels, to: x.size + steps[2] },
      { extent: channels, from: 1, to: 1 },
    ]);
    return [sum(apart, { axis: 0 })];
  });
}

import { computed } from '../autograd.ts';
import { fill, sizeOf, tensor, zeros } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { slice } from './slice.ts';
import { writeBox } from './strided.ts';

/** What stands around a tensor: [before, after] for each axis. */
export type Widths = readonly (readonly [number, number])[];

/** `pad` in pad.ts, of a number and of widths that have been checked. */
export function padWith(x: Tensor, widths: Widths, value = 0): Tensor {
  const { shape: own } = x;
  const shape = own.map((extent, axis) => extent + widths[axis][0] + widths[axis][1]);
  const begin = widths.map(([before]) => before);
  const out = constant(x, shape, value);
  writeBox('pad', x, out, begin);
  return computed(out, [x], (gradient) => [slice(gradient, begin, own)]);
}

/** A tensor of `x`'s type with `value` everywhere. */
function constant(x: Tensor, shape: number[], value: number): Tensor {
  const { device, dtype } = x;
  const whole = (): Tensor =>
    tensor(new Int32Array(sizeOf(shape)).fill(value), shape, dtype, device);
  const filled = (): Tensor => (dtype === 'int32' ? whole() : fill(device, shape, value));
  const out = value === 0 ? zeros(shape, dtype, device) : filled();
  out.range = x.range && [Math.min(x.range[0], value), Math.max(x.range[1], value)];
  return out;
}

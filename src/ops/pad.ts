import { computed } from '../autograd.ts';
import { check, NUMBER, SHAPE } from '../options.ts';
import type { Check } from '../options.ts';
import { fill, sizeOf, tensor, zeros } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { tensorOf } from './operands.ts';
import { slice } from './slice.ts';
import { writeBox } from './strided.ts';

const PAIRS: Check = [
  'pairs [before, after] of whole numbers from 0 on',
  (value) =>
    Array.isArray(value) &&
    value.every((width) => SHAPE[1](width) && (width as number[]).length === 2),
];

/**
 * Puts `value` around `x`.
 *
 * @param widths [before, after] for each axis
 */
export function pad(
  x: TensorLike,
  widths: readonly (readonly [number, number])[],
  value = 0,
): Tensor {
  x = tensorOf('pad', x);
  const { shape: own, rank } = x;
  check('pad', `the widths of ${x}`, widths, PAIRS);
  check('pad', 'value', value, NUMBER);
  if (widths.length !== rank)
    throw new Error(
      `pad: expected ${x.rank} pairs [before, after] of whole numbers for ${x}, got ${JSON.stringify(widths)}`,
    );
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

/** Dropout (Srivastava et al. 2014), inverted: what is kept is scaled, so that nothing changes at inference. */
import { computed } from '../autograd.ts';
import type { Device, Storage } from '../backend.ts';
import { check, checkNames, INTEGERS, LIST, SHAPE, SHARE, show, WHOLE } from '../options.ts';
import type { Check } from '../options.ts';
import { keyOf } from '../random.ts';
import { allocate, fill, sizeOf } from '../tensor.ts';
import type { Shape, Tensor, TensorLike } from '../tensor.ts';
import { floatsOf } from './operands.ts';

/** Which random numbers are drawn: the same seed and step give the same mask on every device. */
export interface DropoutCounter {
  /** A whole number in [0, 2^53): one a layer (`foldSeed`), so that layers drop different elements. */
  seed: number;
  /** A whole number in [0, 2^32): the training step. The same step gives the same mask. */
  step: number;
}
/** The random numbers of `dropout`, and axes that share a mask. */
export interface DropoutOptions extends DropoutCounter {
  /** Neighbouring axes that share a mask: [1] on [B,T,I] drops a feature at every time step or at none. */
  broadcast?: readonly number[];
}

/**
 * Zeroes each element with probability `rate` and scales the others by 1 / (1 - rate).
 *
 * @param rate in [0, 1); at 0 the result is `x` itself
 * @throws where the rate is outside of [0, 1), or an axis outside of x
 */
export function dropout(x: TensorLike, rate: number, options: DropoutOptions): Tensor {
  checkNames('dropout', options, ['seed', 'step', 'broadcast']);
  check('dropout', 'broadcast', options.broadcast ?? [], LIST);
  x = floatsOf('dropout', x);
  dropoutRate('dropout', rate);
  if (rate === 0) return x;
  const { repeats, inner } = sharedAxes(x.shape, options.broadcast ?? []);
  const out = allocate(x.device, x.shape);
  run(x.device, x.storage, out, rate, options, repeats, inner);
  return computed(out, [x], (gradient) => [dropout(gradient, rate, options)]);
}

/** What `dropout` multiplies by: 0 or 1 / (1 - rate), for an operation that applies it itself. */
export function dropoutMask(
  device: Device,
  shape: Shape,
  rate: number,
  counter: DropoutCounter,
): Tensor {
  checkNames('dropoutMask', counter, ['seed', 'step']);
  dropoutRate('dropoutMask', rate);
  check('dropoutMask', 'shape', shape, SHAPE);
  if (rate === 0) return fill(device, shape, 1);
  const out = allocate(device, shape);
  run(device, null, out, rate, counter, 1, sizeOf(shape));
  return out;
}

const STEP: Check = [
  'a whole number in [0, 2^32)',
  (step) => WHOLE[1](step) && (step as number) < 2 ** 32,
];

function run(
  device: Device,
  x: Storage | null,
  out: Tensor,
  rate: number,
  { seed, step }: DropoutCounter,
  repeats: number,
  inner: number,
): void {
  check('dropout', 'step', step, STEP);
  const [seedLow, seedHigh] = keyOf(seed);
  // A word w of 2^32 drops where w / 2^32 < rate; as whole numbers, so that every device decides alike.
  const threshold = Math.min(Math.ceil(rate * 2 ** 32), 2 ** 32 - 1);
  const params = { size: out.size, repeats, inner, threshold, scale: 1 / (1 - rate) };
  const hasInput = x ? 1 : 0;
  device.run('dropout', { x, out: out.storage }, { ...params, hasInput, seedLow, seedHigh, step });
}

/** A rate of dropout: at least 0 and less than 1. */
export const dropoutRate = (who: string, value: unknown, what = 'rate'): number =>
  check(who, what, value, SHARE) as number;

/** Sees a shape as [outer, repeats, inner]. */
function sharedAxes(shape: Shape, axes: readonly number[]): { repeats: number; inner: number } {
  const rank = shape.length;
  check('dropout', 'broadcast', axes, INTEGERS);
  const sorted = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  const first = sorted[0] ?? rank;
  const valid = sorted.every((axis, i) => axis === first + i && axis >= 0 && axis < rank);
  if (!valid)
    throw new Error(
      `dropout: expected neighbouring axes of [${shape}] in broadcast, got ${axes.map(show).join(', ')}`,
    );
  const last = first + sorted.length;
  return { repeats: sizeOf(shape.slice(first, last)), inner: sizeOf(shape.slice(last)) };
}

/** Masks from lengths. */
import { check, WHOLE } from '../options.ts';
import type { Check } from '../options.ts';
import { getDevice, tensor } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import type { Device } from '../backend.ts';
import { less } from './compare.ts';
import { deviceOf, tensorOf } from './operands.ts';
import { reshape } from './views.ts';

const INT32: Check = [
  'a whole number from 0 to 2^31 - 1',
  (T) => WHOLE[1](T) && (T as number) < 2 ** 31,
];

/**
 * The int32 mask [B,T] of right-padded sequences: 1 for the first lengths[b] steps of row b, then 0.
 *
 * @param lengths whole numbers from 0 to T, or an int32 tensor [B]
 * @throws where a length is out of 0…T
 */
export function sequenceMask(
  lengths: TensorLike,
  T: number,
  device: Device = deviceOf([lengths]) ?? getDevice(),
): Tensor {
  check('sequenceMask', 'T', T, INT32);
  const given = tensorOf('sequenceMask', lengths, device, 'int32');
  if (given.rank !== 1 || given.dtype !== 'int32')
    throw new Error(`sequenceMask: expected int32 lengths of shape [batch], got ${given}`);
  const [low, high] = given.range ?? [0, 0];
  if (low < 0 || high > T)
    throw new Error(
      `sequenceMask: expected lengths in 0…${T} (time steps), got ${low < 0 ? low : high}`,
    );
  const steps = tensor(
    Int32Array.from({ length: T }, (_, t) => t),
    [1, T],
    'int32',
    device,
  );
  return less(steps, reshape(given, [given.size, 1]));
}

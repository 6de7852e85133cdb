/** A recurrent layer as one operation, for any cell. A layer takes that in recurrent_run.ts, and brings the kernels of its own cell. */
import type { DType } from '../backend.ts';
import { CELL_KERNELS } from '../kernel_groups/cells.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import { CELLS } from '../kernels.generated.ts';
import { check, checkNames, oneOf } from '../options.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { WEIGHTS } from './fold_plan.ts';
import { deviceOf, floatsOf, tensorOf } from './operands.ts';
import { runRecurrent } from './recurrent_run.ts';
import type { Direction, RecurrentOptions, RecurrentResult } from './recurrent_run.ts';

export type { Direction, RecurrentOptions, RecurrentResult } from './recurrent_run.ts';

/** The same, of which tensors may be numbers. */
export type Given<T> = {
  [K in keyof T]: T[K] extends Tensor | null | undefined
    ? TensorLike | null
    : T[K] extends readonly Tensor[] | null
      ? readonly TensorLike[] | null
      : T[K];
};

const NAMES: readonly (keyof RecurrentOptions)[] = [
  ...(['cell', 'name', 'activation', 'recurrentActivation', 'mask', 'lengths'] as const),
  ...(['returnSequences', 'zeroOutputForMask', 'processingOrder'] as const),
  ...(['carry', 'elapsed', 'zoneout', 'watch'] as const),
];

/**
 * Runs a gated cell over a batch of sequences, in one direction or in two side by side.
 *
 * Masks have Keras' semantics: a masked step passes the states through; its output repeats the last real step's, and is
 * zero before the first one (or always, with `zeroOutputForMask`).
 *
 * @param x [B,T,I], T >= 1; [B,T,D·G·H] where the directions have no kernel
 * @param directions one, or two (bidirectional) of the same sizes
 * @throws where shapes do not fit, or the tensors are beyond the device's limits
 */
export function recurrent(
  x: TensorLike,
  directions: readonly Given<Direction>[],
  options: Given<RecurrentOptions>,
): RecurrentResult {
  checkNames('recurrent', options, NAMES);
  check('recurrent', 'cell', options.cell, oneOf(Object.keys(CELLS)));
  const { name = 'recurrent', mask, elapsed } = options;
  const device = deviceOf([x, ...directions.flatMap((one) => Object.values(one) as unknown[])]);
  const as = (dtype: DType, value: TensorLike | null | undefined): Tensor | null =>
    value === null || value === undefined ? null : tensorOf(name, value, device, dtype);
  const each = directions.map((one) => {
    const weights = [...WEIGHTS, 'recurrentDropout' as const].map(
      (key) => [key, as('float32', one[key])] as const,
    );
    const initialState = one.initialState?.map((state) => as('float32', state)!) ?? null;
    return { ...one, ...Object.fromEntries(weights), initialState } as Direction;
  });
  for (const group of CELL_KERNELS) addKernels(group);
  const masks = { mask: as('int32', mask), elapsed: as('int32', elapsed) };
  return runRecurrent(floatsOf(name, x, device), each, { ...options, ...masks });
}

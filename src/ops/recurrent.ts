/** A recurrent layer as one operation, for any cell. A layer takes that in recurrent_run.ts, and brings the kernels of its own cell. */
import { CELL_KERNELS } from '../kernel_groups/cells.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import type { Tensor } from '../tensor.ts';
import { runRecurrent } from './recurrent_run.ts';
import type { Direction, RecurrentOptions, RecurrentResult } from './recurrent_run.ts';

export type { Direction, RecurrentOptions, RecurrentResult } from './recurrent_run.ts';

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
  x: Tensor,
  directions: readonly Direction[],
  options: RecurrentOptions,
): RecurrentResult {
  for (const group of CELL_KERNELS) addKernels(group);
  return runRecurrent(x, directions, options);
}

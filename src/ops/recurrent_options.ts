/** How a recurrent operation is asked for. */
import type { CellName } from '../backend.ts';
import type { MapName } from '../kernels.generated.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import type { Carry, FoldWatch } from './fold_plan.ts';
import type { Zoneout } from './zoneout.ts';

/** Which cell `recurrent` computes, and how it treats masks and outputs. */
export interface RecurrentOptions {
  /** Which cell: 'simple', 'lstm', 'gru', 'gru_reset_before' and the others that layers are made of. */
  cell: CellName;
  /** What errors call this operation: the layer's name. 'recurrent' by default. */
  name?: string;
  /** An elementwise function with its defaults; tanh where it is left out. */
  activation?: MapName;
  /** Of the gates, likewise; sigmoid where it is left out. */
  recurrentActivation?: MapName;
  /** int32 [B,T]: 0 where a step is masked. Any pattern. null: every step is real. */
  mask?: Tensor | null;
  /** Instead of a mask: the number of real steps of each row, padded on the right; int32 [B] or numbers. */
  lengths?: TensorLike | null;
  /** Every step's output instead of the last one's. */
  returnSequences?: boolean;
  /** Outputs of masked steps are zero instead of repeating the last real step's. */
  zeroOutputForMask?: boolean;
  /** With `reverse`: outputs in the order of processing (Keras' goBackwards) instead of the order of time. */
  processingOrder?: boolean;
  /**
   * Of one direction in `noGrad`: the call goes on from these states and leaves its own on their other side. Masked steps
   * repeat the output of the call before.
   *
   * @internal
   */
  carry?: Carry | null;
  /** For a cell that asks for the time: int32 [B], how many real steps each row had before these. null: none. */
  elapsed?: Tensor | null;
  /** Of the states at steps that are not masked. null: none. */
  zoneout?: Zoneout | null;
  /** Sees what each step computes. @internal */
  watch?: FoldWatch | null;
}

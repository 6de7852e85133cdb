/** What an RNN, LSTM or GRU of ONNX is, whichever way it is run. */
import type { MapName } from '../../../kernels.generated.ts';
import type { Tensor } from '../../../tensor.ts';

export interface CellActivation {
  /** What fills the slot of a cell; null where no function here is the same. */
  readonly filler: MapName | null;
  readonly compute: (x: Tensor) => Tensor;
  /** Beyond that, on both sides, it is as good as constant: clipping what it is given there changes nothing. None where it is left out. */
  readonly flatFrom?: number;
}

export type Kind = 'RNN' | 'LSTM' | 'GRU';

/** One direction, as ONNX has it: G gates of H units. */
export interface OnnxDirection {
  readonly kernel: Tensor; // [G·H,I]
  readonly recurrentKernel: Tensor; // [G·H,H]
  /** Of the input side and of the recurrent side, [G·H] each. */
  readonly bias: readonly [Tensor, Tensor] | null;
  /** [H] each: i o f. */
  readonly peepholes: readonly [Tensor, Tensor, Tensor] | null;
  /** [B,H] each; null for zeros. */
  readonly states: readonly Tensor[] | null;
  readonly activations: readonly CellActivation[];
  readonly reverse: boolean;
}

/** What both ways to run a node are given. */
export interface Recurrence {
  readonly kind: Kind;
  readonly x: Tensor; // [B,T,I]
  readonly units: number;
  readonly directions: readonly OnnxDirection[];
  /** int32 [B,T]; null where all steps count. */
  readonly mask: Tensor | null;
  readonly clip: number | null;
  readonly inputForget: boolean;
  readonly resetAfter: boolean;
  /** Whether the output of every step is wanted. */
  readonly sequences: boolean;
}
export interface RecurrenceResult {
  /** [B,T,D·H]; the output of the last step where sequences are not wanted. */
  readonly output: Tensor;
  /** By direction, [B,H] each. */
  readonly states: readonly (readonly Tensor[])[];
}

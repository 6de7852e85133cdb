/** What a recurrent operation is asked for, how it is cut into chunks, and where things stand in them. */
import type { CellName, Device, Variant } from '../backend.ts';
import type { CellFacts } from '../kernels.generated.ts';
import type { Tensor } from '../tensor.ts';
import type { Zoneout } from './zoneout.ts';

/** One direction of a recurrent layer; its weights in Keras' layout, G gates of H units. */
export interface Direction {
  /** [I, G·H]; gates i f g o (LSTM), z r n (GRU). null: x has the gates' input sides, bias and all, those of the first direction first. */
  kernel: Tensor | null;
  /** [P, G·H], a block for each gate with a recurrent product. null where the cell has none. */
  recurrentKernel: Tensor | null;
  /** [H, P], makes the state h of a cell that projects it, P <= H. Of all others P = H. */
  projection?: Tensor | null;
  /** [G·H]; [2, G·H], input side and recurrent side, where the cell has a recurrent bias (a GRU with the reset after the product). */
  bias: Tensor | null;
  /** [U, H], the weights that each unit has for itself, where the cell has some. */
  unitWeights?: Tensor | null;
  /** The cell's states: h [B,P], and [B,H] of all others, such as c of an LSTM. null: zeros. */
  initialState: readonly Tensor[] | null;
  /** Whether time runs from the last step to the first. */
  reverse: boolean;
  /** Multiplies the state in the recurrent product, [B,P], the same at every step: what `dropoutMask` gives. */
  recurrentDropout?: Tensor | null;
}

/** What a direction may have that is trained, besides its initial states. */
export const WEIGHTS = ['kernel', 'recurrentKernel', 'projection', 'bias', 'unitWeights'] as const;

/** null: not asked for, since what it is the gradient of is absent or frozen. */
export type DirectionGradients = Record<(typeof WEIGHTS)[number], Tensor | null> & {
  initialState: Tensor[];
};

/** What a stream keeps on the device from one call to the next. */
export interface Carry {
  /**
   * [STATES,2,B,H], on one side of each state what the last call left, on the other what this one leaves. For a cell that asks for the
   * time [2,B] follows, the bits of int32 counts.
   */
  readonly states: Tensor;
  /** The side to read from: 0 or 1. */
  readonly side: number;
  /** Whether the states are asked for as tensors too. */
  readonly returned: boolean;
}

/** Sees what a recurrent operation saves, while it is there: `traceLayer()`. */
export interface FoldWatch {
  /** Time steps of a chunk at most. */
  readonly steps: number;
  /** After a chunk's steps forward: its gates are activated. */
  forward(plan: FoldPlan, chunk: Chunk): void;
  /**
   * Before a chunk's steps backward.
   *
   * @param gradients [D,STATES+1,B,H]: of the states after the chunk, but for what `dy` adds
   * @param dy gradient of y, or null
   */
  backward(plan: FoldPlan, chunk: Chunk, gradients: Tensor, dy: Tensor | null): void;
}

export interface FoldPlan {
  readonly device: Device;
  /** What errors call the operation. */
  readonly name: string;
  readonly cell: CellName;
  readonly facts: CellFacts;
  readonly variant: Variant<'sequence_forward'>;
  readonly directions: readonly Direction[];
  /** Whether x is [B,T,I] and not [T,B,I]: possible where it has the input sides of the gates. */
  readonly batchMajor: boolean;
  /** Whether the recurrent products have a bias of their own, the second rows of the directions'. */
  readonly recurrentBias: boolean;
  /** int32 [B,T] */
  readonly mask: Tensor | null;
  /** int32 [B]: the row of the mask at each place, where everything else has been put into that order. */
  readonly order: Tensor | null;
  /** int32 [B]: real steps of each row before these, for a cell that asks for the time. null: none. */
  readonly elapsed: Tensor | null;
  readonly zoneout: Zoneout | null;
  readonly lastOnly: boolean;
  readonly zeroMasked: boolean;
  readonly processingOrder: boolean;
  readonly carry: Carry | null;
  readonly watch: FoldWatch | null;
  readonly B: number;
  readonly T: number;
  readonly I: number;
  readonly H: number;
  /** Width of the state h; in memory it is followed by zeros, H - P of them. */
  readonly P: number;
  readonly D: number;
}

/** `length` steps of every direction, `offset` steps after its own beginning. What forward saves lives here. */
export interface Chunk {
  readonly offset: number;
  readonly length: number;
  readonly gates: Tensor; // [D,length,B,SAVES·H]: activated, and after backward their gradients
  /** [D,STATES,length+1,B,H]; with zoneout, where backward follows, what the cell made stands behind them as if of D more directions. */
  readonly states: Tensor;
}

/** The time step at which a direction's part of a chunk begins, in the order of time. */
export function firstStep(plan: FoldPlan, chunk: Chunk, d: number): number {
  const { offset, length } = chunk;
  return plan.directions[d].reverse ? plan.T - offset - length : offset;
}

/** Where slot `index` of a state stands among a chunk's states, in elements. */
export function slotOf(
  plan: FoldPlan,
  chunk: Chunk,
  d: number,
  state: number,
  index: number,
): { start: number; size: number } {
  const size = plan.B * plan.H;
  const row = (d * plan.facts.states.length + state) * (chunk.length + 1);
  return { size, start: (row + index) * size };
}

/**
 * Steps of each chunk: as few chunks of at most `limits.maxSteps` steps as do, of nearly equal length; shorter where what a chunk saves
 * would not fit one binding, or where a thread would take more iterations of loops than the device allows.
 */
export function chunkLengths(plan: FoldPlan): number[] {
  const { device, facts, zoneout, B, T, H, D } = plan;
  const blocks = (zoneout ? 2 : 1) * facts.states.length;
  const step = 4 * D * B * H * Math.max(facts.saves.length, blocks);
  // The states have a slot more than the chunk has steps.
  const fitting = Math.floor(device.limits.maxBindingBytes / step) - 1;
  if (fitting < 1)
    throw new Error(
      `${plan.name}: one time step of ${B} rows and ${H} units needs ${2 * step} bytes of saved gates, more than ` +
        `maxStorageBufferBindingSize, ${device.limits.maxBindingBytes} bytes: at most ` +
        `${Math.floor((B * device.limits.maxBindingBytes) / (2 * step))} rows fit`,
    );
  // Loop iterations of a thread in a step: at most a product with the hidden units for every gate, and some around it; draws of zoneout take
  // ten for a number, of 32 numbers at most.
  const { maxLoopIterations, maxSteps } = device.limits;
  const around = zoneout?.draws ? 500 : 100;
  const unbroken = Math.max(1, Math.floor(maxLoopIterations / (facts.gates.length * H + around)));
  const longest = Math.min(plan.watch?.steps ?? maxSteps, maxSteps, fitting, unbroken);
  const count = Math.ceil(T / longest);
  return Array.from(
    { length: count },
    (_, k) => Math.floor(((k + 1) * T) / count) - Math.floor((k * T) / count),
  );
}

/** What the targets of a built model must look like: a slot for those of each output. */
import type { Network } from '../layers/network.ts';
import { LOSS_NAMES } from '../losses/index.ts';
import type { LossFunction } from '../losses/loss.ts';
import type { NamedSlot } from './batch_data.ts';
import type { CompiledOutput } from './compile.ts';

export interface DataSlots {
  readonly inputs: readonly NamedSlot[];
  readonly outputs: readonly CompiledOutput[];
  /** The model that the data is for. */
  readonly network?: Network;
}

/** The slot of an output's targets. A loss of your own takes targets of any shape. */
export function targetSlot({ name, loss, shape }: CompiledOutput): NamedSlot {
  const what = `targets of '${name}'`;
  if (isSparse(loss)) return { name, what, dtype: 'int32', shape: shape.slice(0, -1), loose: true };
  if (loss && (LOSS_NAMES as readonly string[]).includes(loss.name)) {
    const range = rangeOf(loss, shape.length);
    return { name, what, dtype: 'float32', shape, loose: true, ...(range && { range }) };
  }
  return { name, what, dtype: null, shape: null };
}

/** Of targets that are probabilities, but for rounding; in sequences, padding that a mask leaves out may be negative. */
const rangeOf = ({ name }: LossFunction, rank: number): [number, number] | null =>
  /^(binary|categorical)Crossentropy$/.test(name) ? [rank > 2 ? -Infinity : 0, 1 + 1e-6] : null;

/** Whether the targets of a loss are class numbers, with one axis less than the output. */
export function isSparse(loss: LossFunction | null): boolean {
  return loss?.name === 'sparseCategoricalCrossentropy';
}

/** What the targets of a built model must look like: a slot for those of each output. */
import type { Network } from '../layers/network.ts';
import type { PartialShape } from '../layers/shapes.ts';
import { LOSS_NAMES } from '../losses/index.ts';
import { formOf, labelAdvice } from '../losses/loss.ts';
import type { LossFunction } from '../losses/loss.ts';
import type { NamedSlot } from './batch_data.ts';
import type { CompiledOutput } from './compile.ts';

export interface DataSlots {
  readonly inputs: readonly NamedSlot[];
  readonly outputs: readonly CompiledOutput[];
  /** The model that the data is for. */
  readonly network?: Network;
}

/**
 * The slot of an output's targets. A loss of your own takes targets of any shape.
 *
 * @param samples how many there are, if that is known
 */
export function targetSlot({ name, loss, shape }: CompiledOutput, samples?: number): NamedSlot {
  const slot = { name, what: `targets of '${name}'`, samples, loose: true };
  if (!loss || !(LOSS_NAMES as readonly string[]).includes(loss.name))
    return { ...slot, dtype: null, shape: null };
  const advice = (given: readonly number[]) => labelAdvice(loss.name, given, shape);
  const sparse = { ...slot, dtype: 'int32', shape: shape.slice(0, -1), advice } as const;
  if (loss.name === 'sparseCategoricalCrossentropy') return sparse;
  const dense = { ...slot, dtype: 'float32', shape, advice, ...rangeOf(loss, shape) } as const;
  if (loss.name !== 'crossentropy') return dense;
  return { ...dense, of: (given) => (formOf(given, shape) === 'sparse' ? sparse : dense) };
}

/** Of targets that are probabilities, but for rounding; in sequences, padding that a mask leaves out may be negative. */
const rangeOf = ({ name }: LossFunction, { length }: PartialShape): Pick<NamedSlot, 'range'> =>
  /^(binaryC|categoricalC|c)rossentropy$/.test(name)
    ? { range: [length > 2 ? -Infinity : 0, 1 + 1e-6] }
    : {};

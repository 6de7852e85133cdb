/** What the targets of an output must look like, and the weights that samples get by their class. */
import { LOSS_NAMES } from '../losses.ts';
import type { LossFunction } from '../losses.ts';
import { sizeOf } from '../tensor.ts';
import type { HostArray, Slot } from './arrays.ts';
import type { CompiledOutput } from './compile.ts';

/** Losses whose targets are class numbers, one less axis than the output. */
const isSparse = (loss: LossFunction | null): boolean =>
  loss?.name === 'sparseCategoricalCrossentropy';

/** The slot of an output's targets. For a loss of the user's own any targets may do. */
export function targetSlot({ name, loss, shape }: CompiledOutput): Slot {
  const what = `targets of '${name}'`;
  if (isSparse(loss)) return { what, dtype: 'int32', shape: shape.slice(0, -1), loose: true };
  if (loss && (LOSS_NAMES as readonly string[]).includes(loss.name))
    return { what, dtype: 'float32', shape, loose: true };
  return { what, dtype: null, shape: null };
}

/**
 * Weights by class, multiplied into those of the samples.
 *
 * @param classWeight factors by class number; classes that are left out count once
 */
export function applyClassWeight(
  y: HostArray,
  output: CompiledOutput,
  classWeight: Readonly<Record<number, number>>,
  sampleWeight: HostArray | null,
): HostArray {
  const classes = output.shape.at(-1) ?? 1;
  // One-hot targets name their class by position; everything else by value.
  const oneHot = !isSparse(output.loss) && classes > 1;
  const rest = y.shape.slice(1);
  const hasClassAxis = oneHot || (rest.length > 0 && rest.at(-1) === 1);
  const shape = [y.shape[0], ...(hasClassAxis ? rest.slice(0, -1) : rest)];
  const weights = new Float32Array(sizeOf(shape));
  for (let i = 0; i < weights.length; i++) {
    const label = oneHot ? largest(y.data, i * classes, classes) : y.data[i];
    weights[i] = classWeight[label] ?? 1;
  }
  if (sampleWeight === null) return { data: weights, shape };
  const each = sampleWeight.data.length === weights.length ? 1 : sizeOf(shape.slice(1));
  const wide = weights.map((weight, i) => weight * sampleWeight.data[Math.floor(i / each)]);
  return { data: wide, shape };
}

function largest(values: ArrayLike<number>, begin: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[begin + k] > values[begin + best]) best = k;
  return best;
}

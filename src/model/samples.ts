/** From what users pass to checked arrays: one for each input, for each output's targets, and for each output's weights. */
import type { Network } from '../layers/network.ts';
import { check, NOT_NEGATIVE } from '../options.ts';
import { sliceRows, toHostArray } from './arrays.ts';
import type { ArrayData, HostArray } from './arrays.ts';
import { isArrayData, isGenerator, readAll } from './batch_data.ts';
import type { BatchData, BatchGenerator, NamedSlot } from './batch_data.ts';
import { needBuilt } from './checks.ts';
import { applyClassWeight } from './class_weight.ts';
import type { ClassWeight } from './class_weight.ts';
import type { CompiledOutput } from './compile.ts';
import { targetSlot } from './slots.ts';
import type { DataSlots } from './slots.ts';

/** One array an input, an output, and an output's weights. */
export interface Parts<A> {
  readonly x: readonly A[];
  readonly y: readonly A[];
  /** By output: [samples] or [samples, steps]; null counts every sample once. */
  readonly sampleWeight: readonly (A | null)[];
}
/** Samples in memory. */
export type Samples = Parts<HostArray>;

/**
 * Builds a stack that does not know the shape of its input yet, from the data.
 *
 * @returns `x`, or the array that it was read into
 */
export async function buildFor<X extends BatchData | BatchGenerator>(
  what: string,
  network: Network,
  x: X,
): Promise<X | HostArray> {
  if (network.built) return x;
  if (isGenerator(x)) needBuilt(`${what} with a generator`, network, `${what} arrays first`);
  const slot = { name: 'input', what: 'input', dtype: network.inputDtype, shape: null };
  const [array] = await prepareInputs([slot], x as BatchData);
  network.buildFor(array.shape);
  return array;
}

/** The array of each input. */
export function prepareInputs(
  inputs: readonly NamedSlot[],
  x: BatchData | null | undefined,
): Promise<HostArray[]> {
  if (x === undefined || x === null) throw new Error('expected inputs x, got none');
  return readAll(x, inputs, 'x');
}

export async function prepareSamples(
  { inputs, outputs }: DataSlots,
  x: BatchData | null | undefined,
  y: BatchData | null | undefined,
  sampleWeight: BatchData | null | undefined,
  classWeight: ClassWeight | null | undefined,
): Promise<Samples> {
  const arrays = await prepareInputs(inputs, x);
  if (y === undefined || y === null)
    throw new Error(
      `expected targets y for ${outputs.map(({ name }) => name).join(', ')}, got none`,
    );
  const targets = await readAll(y, outputs.map(targetSlot), 'y');
  const given = await prepareWeights(outputs, sampleWeight);
  const names = outputs.map(({ name }) => name);
  const weights = outputs.map((output, i) =>
    applyClassWeight(classWeight, targets[i], output, names, given[i]),
  );
  const samples = { x: arrays, y: targets, sampleWeight: weights };
  countSamples(samples);
  for (const array of weights)
    if (array) {
      const odd = array.data.find((weight: number) => !(weight >= 0 && weight < Infinity));
      if (odd !== undefined) check('sampleWeight', 'each number', odd, NOT_NEGATIVE);
    }
  return samples;
}

async function prepareWeights(
  outputs: readonly CompiledOutput[],
  given: BatchData | null | undefined,
): Promise<(HostArray | null)[]> {
  if (given === undefined || given === null) return outputs.map(() => null);
  const slots = outputs.map(({ name }): NamedSlot => ({
    name,
    what: `sampleWeight of '${name}'`,
    dtype: 'float32',
    shape: null,
  }));
  if (slots.length > 1 && !isArrayData(given)) return readAll(given, slots, 'sampleWeight');
  const array = await toHostArray(given as ArrayData, slots[0]);
  return outputs.map(() => array);
}

/** How many samples there are; throws where the arrays disagree. */
export function countSamples({ x, y, sampleWeight }: Samples): number {
  const samples = x[0].shape[0];
  const lengths = (arrays: readonly (HostArray | null)[]): string =>
    arrays.flatMap((array) => (array ? [array.shape[0]] : [])).join(', ');
  for (const array of [...x, ...y, ...sampleWeight])
    if (array && array.shape[0] !== samples) {
      const weights = sampleWeight.some((weight) => weight !== null);
      throw new Error(
        `expected as many samples in every array, got x: ${lengths(x)}, y: ${lengths(y)}` +
          `${weights ? `, sampleWeight: ${lengths(sampleWeight)}` : ''}; pass one row a sample in each`,
      );
    }
  return samples;
}

/** The same parts with `change` applied to each array. */
export function mapArrays<A, B>(
  { x, y, sampleWeight }: Parts<A>,
  change: (array: A) => B,
): Parts<B> {
  const weights = sampleWeight.map((array) => array && change(array));
  return { x: x.map(change), y: y.map(change), sampleWeight: weights };
}

/** The first samples for training and the last `fraction` for validation, split before anything is shuffled, as in Keras. */
export function splitSamples(samples: Samples, fraction: number): [Samples, Samples] {
  const count = countSamples(samples);
  const split = Math.floor(count * (1 - fraction));
  if (!(fraction > 0 && fraction < 1) || split === 0 || split === count)
    throw new Error(
      `validationSplit: expected a fraction between 0 and 1 that leaves samples on both sides, got ${fraction} of ${count} ` +
        'samples; or pass validationData',
    );
  const part = (begin: number, end: number): Samples =>
    mapArrays(samples, (array) => sliceRows(array, begin, end));
  return [part(0, split), part(split, count)];
}

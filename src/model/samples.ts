/** From what users pass to checked arrays: one for each input, for each output's targets, and for each output's weights. */
import { check, NOT_NEGATIVE } from '../options.ts';
import { sliceRows, toHostArray } from './arrays.ts';
import type { ArrayData, HostArray } from './arrays.ts';
import { isArrayData, readAll } from './batch_data.ts';
import type { BatchData, NamedSlot } from './batch_data.ts';
import { applyClassWeight } from './class_weight.ts';
import type { ClassWeight } from './class_weight.ts';
import type { CompiledOutput } from './compile.ts';
import { mapArrays, prepareInputs } from './inputs.ts';
import type { Parts } from './inputs.ts';
import { targetSlot } from './slots.ts';
import type { DataSlots } from './slots.ts';

/** Samples in memory. */
export type Samples = Parts<HostArray>;

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
  const slots = outputs.map((output) => targetSlot(output, arrays[0].shape[0]));
  const targets = await readAll(y, slots, 'y');
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

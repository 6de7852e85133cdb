/** From what the user passes to what a step takes: one checked array for each input, output and output's weights. */
import type { InputLayer } from '../layers/input.ts';
import type { Model } from '../model.ts';
import { Tensor } from '../tensor.ts';
import { acceptTensor, checkShape, toHostArray } from './arrays.ts';
import type { ArrayData, HostArray, Slot } from './arrays.ts';
import { countSamples, generatorSource } from './batches.ts';
import type {
  Batch,
  BatchData,
  BatchGenerator,
  GeneratedBatch,
  Samples,
  Source,
} from './batches.ts';
import type { CompiledOutput } from './compile.ts';
import { applyClassWeight, targetSlot } from './targets.ts';

/** Factors of samples by class number; by the output's name where there are several outputs. */
export type ClassWeight =
  Readonly<Record<number, number>> | Readonly<Record<string, Readonly<Record<number, number>>>>;

export interface BatchParts {
  readonly x: BatchData;
  readonly y: BatchData;
  readonly sampleWeight?: BatchData | null | undefined;
}

/** The inputs as host arrays. A stack that does not know its input yet is built for them. */
export async function prepareInputs(model: Model, x: BatchData): Promise<HostArray[]> {
  if (model.built) return readAll(x, inputSlots(model), 'x');
  const open: Slot = { what: 'input', dtype: model.inputDtype, shape: null };
  const arrays = await readAll(x, [open], 'x');
  model.buildFor(arrays[0].shape);
  return arrays;
}

export function inputSlots(model: Model): Slot[] {
  return model.inputs.map(({ call, shape, dtype }) => ({
    what: `input '${call.layer.name}'`,
    dtype,
    shape,
    encode: (call.layer as InputLayer).encode,
  }));
}

export async function prepareSamples(
  model: Model,
  outputsOf: () => readonly CompiledOutput[],
  x: BatchData,
  y: BatchData | null | undefined,
  sampleWeight: BatchData | null | undefined,
  classWeight: ClassWeight | null | undefined,
): Promise<Samples> {
  if (x === undefined || x === null) throw new Error('expected inputs x, got none');
  const inputs = await prepareInputs(model, x);
  const outputs = outputsOf();
  if (y === undefined || y === null)
    throw new Error(
      `expected targets y for ${outputs.map(({ name }) => name).join(', ')}, got none`,
    );
  const targets = await readAll(y, outputs.map(targetSlot), 'y');
  const weights = await prepareWeights(outputs, sampleWeight);
  const samples: Samples = {
    x: inputs,
    y: targets,
    sampleWeight: outputs.map((output, i) => {
      const factors = classFactors(classWeight, output, outputs.length);
      return factors ? applyClassWeight(targets[i], output, factors, weights[i]) : weights[i]!;
    }),
  };
  countSamples(samples);
  for (const array of samples.sampleWeight)
    if (array && !array.data.every((weight) => Number.isFinite(weight)))
      throw new Error('sampleWeight: expected finite numbers, got NaN or infinity');
  return samples;
}

/** [x, y, sampleWeight], or what bears these names, by name. */
export function partsOf(given: GeneratedBatch | null): Partial<BatchParts> {
  const named = given as Partial<BatchParts> | null;
  const [x, y, sampleWeight] = Array.isArray(given)
    ? (given as readonly (BatchData | undefined)[])
    : [named?.x, named?.y, named?.sampleWeight];
  return { x, y, sampleWeight };
}

/** What a generator yielded, by name. */
function generatedParts(given: GeneratedBatch): BatchParts {
  const { x, y, sampleWeight } = partsOf(given);
  if (x === undefined || y === undefined)
    throw new Error(
      'a generator must yield batches [x, y, sampleWeight?] or { x, y, sampleWeight? }, got one without x or y',
    );
  return { x, y, sampleWeight };
}

/** One batch. Tensors of the user stay on the device as they are. */
export async function prepareBatch(
  model: Model,
  outputsOf: () => readonly CompiledOutput[],
  { x, y, sampleWeight }: BatchParts,
  classWeight: ClassWeight | null | undefined,
): Promise<Batch> {
  const rows = 'as it was given';
  const tensors =
    x instanceof Tensor && y instanceof Tensor && (!sampleWeight || sampleWeight instanceof Tensor);
  const several = model.inputs.length > 1 || model.outputs.length > 1;
  if (!tensors || several || classWeight || !model.built) {
    const samples = await prepareSamples(model, outputsOf, x, y, sampleWeight, classWeight);
    return { ...samples, size: samples.x[0].shape[0], rows };
  }
  const batch = {
    x: [acceptTensor(x, inputSlots(model)[0])],
    y: [acceptTensor(y, targetSlot(outputsOf()[0]))],
    sampleWeight: [sampleWeight instanceof Tensor ? sampleWeight : null],
  };
  const size = x.shape[0];
  if (y.shape[0] !== size)
    throw new Error(`expected as many samples in x and y, got ${x} and ${y}`);
  return { ...batch, size, rows };
}

/** The batches of a generator, checked. */
export function generatedSource(
  model: Model,
  outputsOf: () => readonly CompiledOutput[],
  generator: BatchGenerator,
  steps: number | null | undefined,
  classWeight?: ClassWeight | null,
): Source {
  return generatorSource(generator, steps ?? null, (batch) =>
    prepareBatch(model, outputsOf, generatedParts(batch), classWeight),
  );
}

async function prepareWeights(
  outputs: readonly CompiledOutput[],
  given: BatchData | null | undefined,
): Promise<(HostArray | null)[]> {
  if (given === undefined || given === null) return outputs.map(() => null);
  const slots = outputs.map(({ name }): Slot => ({
    what: `sampleWeight of '${name}'`,
    dtype: 'float32',
    shape: null,
  }));
  // One array serves all outputs.
  const several = outputs.length > 1 && !isArrayData(given);
  const arrays = several
    ? await readAll(given, slots, 'sampleWeight')
    : [await toHostArray(given as ArrayData, slots[0])];
  return outputs.map((_, i) => {
    const array = arrays[several ? i : 0];
    checkShape(array.shape, slots[i]);
    return array;
  });
}

function classFactors(
  classWeight: ClassWeight | null | undefined,
  { name }: CompiledOutput,
  outputs: number,
): Readonly<Record<number, number>> | null {
  if (!classWeight) return null;
  const nested = Object.values(classWeight).some((value) => typeof value === 'object');
  if (!nested && outputs > 1)
    throw new Error(
      `classWeight: expected factors by output for ${outputs} outputs, got one list; write { ${name}: { 0: 1, 1: 2 } }`,
    );
  const factors = nested ? (classWeight as Record<string, unknown>)[name] : classWeight;
  return (factors as Readonly<Record<number, number>> | undefined) ?? null;
}

function isArrayData(value: BatchData): boolean {
  if (value instanceof Tensor || ArrayBuffer.isView(value)) return true;
  if (Array.isArray(value)) return /number|string/.test(typeof value[0]);
  return typeof value === 'object' && 'data' in value && 'shape' in value;
}

/** One array a slot, by position or by name. */
async function readAll(
  given: BatchData,
  slots: readonly Slot[],
  what: 'x' | 'y' | 'sampleWeight',
): Promise<HostArray[]> {
  return Promise.all(listOf(given, slots, what).map((value, i) => toHostArray(value, slots[i])));
}

/** The array of each slot, by position or by name. */
export function listOf(
  given: BatchData,
  slots: readonly Slot[],
  what: string,
): readonly ArrayData[] {
  const names = slots.map((slot) => slot.what.replace(/^.*'(.*)'$/, '$1'));
  const isObject =
    typeof given === 'object' &&
    !Array.isArray(given) &&
    !isArrayData(given) &&
    names.some((name) => name in given);
  if (isObject)
    return names.map((name, i) => {
      const value = (given as Record<string, ArrayData>)[name];
      if (value === undefined)
        throw new Error(
          `${what}: expected an array for ${slots[i].what}, got ${Object.keys(given).join(', ')}`,
        );
      return value;
    });
  if (slots.length === 1) {
    // A list of one: of a tensor or a { data, shape } it cannot be rows of one.
    const only: unknown = Array.isArray(given) && given.length === 1 ? given[0] : null;
    const unwrap = typeof only === 'object' && only !== null && 'shape' in only;
    return [(unwrap ? only : given) as ArrayData];
  }
  if (Array.isArray(given) && given.length === slots.length && !isArrayData(given))
    return given as readonly ArrayData[];
  throw new Error(
    `${what}: expected ${slots.length} arrays (${names.join(', ')}), got ${Array.isArray(given) ? given.length : 'one'}; ` +
      'pass a list with one array for each, or an object by name',
  );
}

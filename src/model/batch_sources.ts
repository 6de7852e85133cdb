/** Where the batches of an epoch come from: arrays, cut and shuffled, or a generator of the user's. */
import { check, ITERABLE } from '../options.ts';
import { foldSeed, Random } from '../random.ts';
import { Tensor } from '../tensor.ts';
import { acceptTensor, gatherRows } from './arrays.ts';
import type { HostArray } from './arrays.ts';
import { isGenerator, partsOf } from './batch_data.ts';
import type {
  AnyIterable,
  AnyIterator,
  BatchData,
  BatchGenerator,
  BatchParts,
  GeneratedBatch,
} from './batch_data.ts';
import type { ClassWeight } from './class_weight.ts';
import { mapArrays } from './inputs.ts';
import type { Parts } from './inputs.ts';
import { countSamples, prepareSamples } from './samples.ts';
import type { Samples } from './samples.ts';
import { targetSlot } from './slots.ts';
import type { DataSlots } from './slots.ts';

/** A batch ready for the device. A `Tensor` in it belongs to the user, who frees it. */
export interface Batch extends Parts<HostArray | Tensor> {
  /** Number of samples. */
  readonly size: number;
  /** Where the rows come from, for messages. */
  readonly rows: string;
}

export interface Source {
  /** Batches an epoch; null where only the end of a generator tells. */
  readonly steps: number | null;
  epoch(epoch: number): AsyncIterable<Batch> | Iterable<Batch>;
  /** Closes what is open from epoch to epoch; the next epoch begins anew. */
  close?(): Promise<void>;
}

/** Batches of arrays, in their order, or of a generator. */
export async function sourceOf(
  slots: DataSlots,
  x: BatchData | BatchGenerator | undefined,
  y: BatchData | null | undefined,
  options: {
    batchSize?: number;
    sampleWeight?: BatchData | null;
    classWeight?: ClassWeight;
    /** Batches of a generator. */
    steps?: number;
  },
): Promise<Source> {
  const { batchSize = 32, sampleWeight, classWeight = null, steps = null } = options;
  if (isGenerator(x)) return generatorSource(slots, x, steps, classWeight);
  return arraySource(await prepareSamples(slots, x, y, sampleWeight, classWeight), batchSize, null);
}

/**
 * Cuts samples into batches; the last may be smaller.
 *
 * @param shuffleSeed null keeps the order; otherwise each epoch has its own, which only seed and epoch decide, so that
 *   training continued from a checkpoint gets the same batches as training without a break
 */
export function arraySource(
  samples: Samples,
  batchSize: number,
  shuffleSeed: number | null,
): Source {
  const count = countSamples(samples);
  const take = (rows: ArrayLike<number>, begin: number): Batch => ({
    ...mapArrays(samples, (array) => gatherRows(array, rows)),
    size: rows.length,
    rows:
      shuffleSeed === null
        ? `samples ${begin} to ${begin + rows.length - 1}`
        : `samples ${Array.from(rows).slice(0, 8).join(', ')}${rows.length > 8 ? ', …' : ''}`,
  });
  return {
    steps: Math.ceil(count / batchSize),
    *epoch(epoch) {
      const order = Uint32Array.from({ length: count }, (_, i) => i);
      if (shuffleSeed !== null) new Random(foldSeed(shuffleSeed, epoch)).shuffle(order);
      for (let begin = 0; begin < count; begin += batchSize)
        yield take(order.subarray(begin, begin + batchSize), begin);
    },
  };
}

/**
 * The batches of a generator, each checked.
 *
 * @param steps batches an epoch (`stepsPerEpoch`); null takes what one run of the generator gives
 */
export function generatorSource(
  slots: DataSlots,
  generator: BatchGenerator,
  steps: number | null,
  classWeight: ClassWeight | null,
): Source {
  let running: AnyIterator<GeneratedBatch> | null = null;
  let begun = false;
  const isFunction = typeof generator === 'function';
  // A generator that the user started is the user's to end.
  const isTheirs = !isFunction && 'next' in generator;
  const start = (epoch: number): AnyIterator<GeneratedBatch> => {
    if (isFunction) return iteratorOf(generator(epoch));
    if (isTheirs) {
      if (begun && steps === null)
        throw new Error(
          'fit: the generator is used up after one epoch; pass stepsPerEpoch, or a function that makes a generator for every epoch',
        );
      begun = true;
      return generator;
    }
    return iteratorOf(generator.epoch?.(epoch, slots.network) ?? generator);
  };
  const close = async (): Promise<void> => {
    const ended = running;
    running = null;
    if (!isTheirs) await ended?.return?.();
  };
  return {
    steps,
    close,
    async *epoch(epoch) {
      // With a number of steps, a generator that is not at its end continues where the last epoch left it.
      const continues = running !== null;
      running ??= start(epoch);
      try {
        for (let step = 0; steps === null || step < steps; step++) {
          let next = await running.next();
          if (next.done && step === 0 && continues) next = await (running = start(epoch)).next();
          if (next.done) {
            if (steps === null) return;
            throw new Error(
              `fit: the generator ended after ${step} of ${steps} steps of epoch ${epoch + 1}; ` +
                'lower stepsPerEpoch, or pass a function that makes a generator for every epoch',
            );
          }
          yield await prepareBatch(slots, generatedParts(next.value), classWeight);
        }
      } finally {
        // Also where training ends early, so that the generator can release what it holds.
        if (steps === null || isFunction) await close();
      }
    },
  };
}

function iteratorOf(iterable: AnyIterable<GeneratedBatch>): AnyIterator<GeneratedBatch> {
  check('a generator', 'what it gives', iterable, ITERABLE);
  if (Symbol.asyncIterator in iterable) return iterable[Symbol.asyncIterator]();
  return iterable[Symbol.iterator]();
}

function generatedParts(given: GeneratedBatch): BatchParts {
  const { x, y, sampleWeight } = partsOf(given);
  if (x === undefined || y === undefined)
    throw new Error(
      'a generator must yield batches [x, y, sampleWeight?] or { x, y, sampleWeight? }, got one without x or y',
    );
  return { x, y, sampleWeight };
}

/** One batch. Tensors of the user's stay on the device as they are. */
export async function prepareBatch(
  slots: DataSlots,
  { x, y, sampleWeight }: BatchParts,
  classWeight: ClassWeight | null | undefined,
): Promise<Batch> {
  const rows = 'as it was given';
  const { inputs, outputs } = slots;
  const tensors =
    x instanceof Tensor && y instanceof Tensor && (!sampleWeight || sampleWeight instanceof Tensor);
  if (!tensors || inputs.length > 1 || outputs.length > 1 || classWeight) {
    const samples = await prepareSamples(slots, x, y, sampleWeight, classWeight);
    return { ...samples, size: samples.x[0].shape[0], rows };
  }
  const batch = {
    x: [acceptTensor(x, inputs[0])],
    y: [acceptTensor(y, targetSlot(outputs[0]))],
    sampleWeight: [sampleWeight instanceof Tensor ? sampleWeight : null],
  };
  const size = x.shape[0];
  if (y.shape[0] !== size)
    throw new Error(`expected as many samples in x and y, got ${x} and ${y}`);
  return { ...batch, size, rows };
}

/** Where the batches of an epoch come from: arrays, cut and shuffled; or a generator of the user. */
import { foldSeed, Random } from '../random.ts';
import { Tensor } from '../tensor.ts';
import { gatherRows, sliceRows } from './arrays.ts';
import type { ArrayData, HostArray } from './arrays.ts';

/** Samples in memory: one array an input, an output, and an output's weights. */
export interface Samples {
  readonly x: readonly HostArray[];
  readonly y: readonly HostArray[];
  /** By output: [samples] or [samples, steps]; null counts every sample once. */
  readonly sampleWeight: readonly (HostArray | null)[];
}

/** A batch as it goes to the device. A `Tensor` is the user's, and stays so. */
export interface Batch {
  readonly x: readonly (HostArray | Tensor)[];
  readonly y: readonly (HostArray | Tensor)[];
  readonly sampleWeight: readonly (HostArray | Tensor | null)[];
  /** Number of samples. */
  readonly size: number;
  /** Where the rows come from, for messages. */
  readonly rows: string;
}

export interface Source {
  /** Batches an epoch; null where nobody knows before the end. */
  readonly steps: number | null;
  epoch(epoch: number): AsyncIterable<Batch> | Iterable<Batch>;
  /** Lets go what is open from epoch to epoch; the next epoch begins anew. */
  close?(): Promise<void>;
}

function eachArray(
  { x, y, sampleWeight }: Samples,
  rowsOf: (array: HostArray) => HostArray,
): Samples {
  const weights = sampleWeight.map((array) => array && rowsOf(array));
  return { x: x.map(rowsOf), y: y.map(rowsOf), sampleWeight: weights };
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

/** The first samples for training and the last `fraction` for validation, taken before anything is shuffled, as in Keras. */
export function splitSamples(samples: Samples, fraction: number): [Samples, Samples] {
  const count = countSamples(samples);
  const split = Math.floor(count * (1 - fraction));
  if (!(fraction > 0 && fraction < 1) || split === 0 || split === count)
    throw new Error(
      `validationSplit: expected a fraction between 0 and 1 that leaves samples on both sides, got ${fraction} of ${count} ` +
        'samples; or pass validationData',
    );
  const part = (begin: number, end: number): Samples =>
    eachArray(samples, (array) => sliceRows(array, begin, end));
  return [part(0, split), part(split, count)];
}

/**
 * Cuts samples into batches; the last may be smaller.
 *
 * @param shuffleSeed null keeps the order; otherwise each epoch has its own, which only seed and epoch decide, so that
 *   training taken up again sees the batches that it would have seen
 */
export function arraySource(
  samples: Samples,
  batchSize: number,
  shuffleSeed: number | null,
): Source {
  const count = countSamples(samples);
  const take = (rows: ArrayLike<number>, begin: number): Batch => ({
    ...eachArray(samples, (array) => gatherRows(array, rows)),
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

/** What a generator yields: inputs, targets and perhaps weights; arrays of them where the model has several. */
export type GeneratedBatch =
  | readonly [x: BatchData, y: BatchData, sampleWeight?: BatchData | null]
  | { readonly x: BatchData; readonly y: BatchData; readonly sampleWeight?: BatchData | null };
/** One array, or several by position or by name. */
export type BatchData = ArrayData | readonly ArrayData[] | Readonly<Record<string, ArrayData>>;

type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;
type AnyIterator<T> = Iterator<T> | AsyncIterator<T>;

/**
 * Batches from a function that makes a (perhaps async) generator for every epoch; from something iterable, or what its
 * `epoch(epoch)` gives where it has that, as a `Dataset` has; or from one generator that goes on over all epochs.
 */
export type BatchGenerator =
  | ((epoch: number) => AnyIterable<GeneratedBatch>)
  | (AnyIterable<GeneratedBatch> & { epoch?(epoch: number): AnyIterable<GeneratedBatch> })
  | AnyIterator<GeneratedBatch>;

export function isGenerator(value: unknown): value is BatchGenerator {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Tensor) return false;
  return 'next' in value || Symbol.asyncIterator in value || Symbol.iterator in value;
}

/**
 * @param steps batches an epoch (`stepsPerEpoch`); null takes what one run of the generator gives
 * @param convert checks one yielded batch and makes it one for the device
 */
export function generatorSource(
  generator: BatchGenerator,
  steps: number | null,
  convert: (batch: GeneratedBatch) => Promise<Batch>,
): Source {
  let running: AnyIterator<GeneratedBatch> | null = null;
  let begun = false;
  const isFunction = typeof generator === 'function';
  // What the user has begun, the user ends.
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
    return iteratorOf(generator.epoch?.(epoch) ?? generator);
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
      // With a number of steps, a generator that is not at its end goes on where the last epoch left it.
      const goesOn = running !== null;
      running ??= start(epoch);
      try {
        for (let step = 0; steps === null || step < steps; step++) {
          let next = await running.next();
          if (next.done && step === 0 && goesOn) next = await (running = start(epoch)).next();
          if (next.done) {
            if (steps === null) return;
            throw new Error(
              `fit: the generator ended after ${step} of ${steps} steps of epoch ${epoch + 1}; ` +
                'lower stepsPerEpoch, or pass a function that makes a generator for every epoch',
            );
          }
          yield await convert(next.value);
        }
      } finally {
        // Training may end early: what the generator holds is let go then too.
        if (steps === null || isFunction) await close();
      }
    },
  };
}

function iteratorOf(iterable: AnyIterable<GeneratedBatch>): AnyIterator<GeneratedBatch> {
  if (Symbol.asyncIterator in iterable) return iterable[Symbol.asyncIterator]();
  return iterable[Symbol.iterator]();
}

/** A lazy sequence of elements, read once per epoch. It behaves like `tf.data.Dataset`. */
import { beginStates } from './begin_states.ts';
import type { StatefulModel } from './begin_states.ts';
import { bucketByLength, checkBuckets } from './bucket.ts';
import type { BucketOptions } from './bucket.ts';
import type { Batched } from './elements.ts';
import { rowsOf } from './rows.ts';
import type { RowOf } from './rows.ts';
import { endsOf, fractionsOf, rangeOf, splitter } from './split.ts';
import type { SplitOptions } from './split.ts';
import { checkCount } from './check_count.ts';
import { CALLABLE, check, checkNames, ITERABLE, LIST, readOptions, WHOLE } from '../options.ts';
import type { Check } from '../options.ts';
import { BY_PART, PADDING, stack } from './stack.ts';
import type { BatchingOptions, PaddingOptions } from './stack.ts';
import { cached, chunk, filter, map, prefetch, repeat, shuffle, skip, take } from './transforms.ts';
import type { AnyIterable, ShuffleOptions } from './transforms.ts';

/** What is known about a dataset besides its elements. @inline */
interface Facts {
  /** Elements per epoch; null if unknown, Infinity if they never end. */
  readonly size?: number | null;
  /** Whether the order of the elements changes from epoch to epoch. */
  readonly reshuffles?: boolean;
  /** Whether elements are kept in memory after the first complete epoch. */
  readonly cached?: boolean;
  /** Whether batches go on where the ones before them ended: `stateful` layers then begin an epoch with zeros. */
  readonly stateful?: boolean;
  /** Counts the malformed rows that the source skips. */
  readonly tally?: { skipped: number };
}

const NO_FACTS: Facts = {
  size: null,
  reshuffles: false,
  cached: false,
  stateful: false,
  tally: undefined,
};
const TALLY: Check = [
  'an object with skipped, a number',
  (value) => typeof (value as { skipped?: unknown }).skipped === 'number',
];
const SIZE: Check = ['a whole number, or Infinity', (n) => n === Infinity || WHOLE[1](n)];

/**
 * A lazy sequence of elements, read once for each epoch, like `tf.data.Dataset`: nothing is read before someone asks.
 * Methods give a new dataset, and change none. `fit`, `evaluate` and `for await` read one.
 *
 * Elements are numbers, strings, arrays, or structures of them: records `{ x, y, sampleWeight }`, or pairs `[x, y]`. A
 * list whose entries are all numbers, all strings or all lists is one value; write a pair of two numbers or of two
 * lists as `{ x, y }`.
 *
 * @example
 * ```js
 * const batches = Dataset.of([{ x: [1, 2], y: 0 }, { x: [3], y: 1 }, { x: [4, 5, 6], y: 0 }])
 *   .shuffle(1) // a seed
 *   .map(({ x, y }) => ({ x: x.map((id) => id + 1), y }))
 *   .paddedBatch(2);
 * for await (const { x, y } of batches) console.log(x.shape, y.shape);
 * ```
 */
export class Dataset<T> implements AsyncIterable<T> {
  /** Elements per epoch: null if that is unknown until the end, Infinity if there is no end. */
  readonly size: number | null;
  private readonly start: (epoch: number) => AnyIterable<T>;
  private readonly facts: Facts;
  private iterations = 0;

  private constructor(start: (epoch: number) => AnyIterable<T>, facts: Facts) {
    this.start = start;
    this.facts = facts;
    this.size = facts.size ?? null;
  }

  /** A dataset whose elements are the entries of a list. */
  static of<T>(elements: readonly T[]): Dataset<T> {
    check('Dataset.of', 'elements', elements, LIST);
    return new Dataset(() => elements, { size: elements.length });
  }

  /**
   * A dataset of the rows of arrays: for `{ x, y }` the elements are `{ x: row, y: row }`.
   *
   * @param arrays a list, a typed array (its rows are numbers), `{ data, shape }`, or a record of these with equally many rows
   */
  static fromArrays<A>(arrays: A): Dataset<RowOf<A>> {
    const rows = rowsOf(arrays);
    const start = function* (): Generator<RowOf<A>> {
      for (let index = 0; index < rows.size; index++) yield rows.row(index) as RowOf<A>;
    };
    return new Dataset(start, { size: rows.size });
  }

  /** @param generator returns an iterable of the elements of an epoch (counted from 0), like a generator function, async or not */
  static fromGenerator<T>(
    generator: (epoch: number) => AnyIterable<T>,
    facts: Facts = {},
  ): Dataset<T> {
    check('fromGenerator', 'generator', generator, CALLABLE);
    const size = { size: SIZE, tally: TALLY };
    return new Dataset(generator, readOptions<Facts>('fromGenerator', facts, NO_FACTS, size));
  }

  /** The number of malformed rows that the underlying reader skipped in the latest epoch. */
  get skipped(): number {
    return this.facts.tally?.skipped ?? 0;
  }

  /**
   * The elements of one epoch. The same epoch always has the same elements in the same order.
   *
   * @param model the one that `fit` or `evaluate` reads them for. If the batches continue one another, its `stateful` layers begin with
   *   zeros, and have their states again once the epoch has been read
   */
  async *epoch(epoch: number, model?: StatefulModel): AsyncGenerator<T> {
    const putBack = model && this.facts.stateful ? beginStates(model) : null;
    try {
      yield* check('fromGenerator', 'what the function gives', this.start(epoch), ITERABLE);
    } finally {
      putBack?.();
    }
  }

  /** The elements of the next epoch: iterations are counted from 0. */
  [Symbol.asyncIterator](): AsyncGenerator<T> {
    return this.epoch(this.iterations++);
  }

  /** All elements of the next epoch. */
  async toArray(): Promise<T[]> {
    const elements: T[] = [];
    for await (const element of this) elements.push(element);
    return elements;
  }

  /** Transforms each element. @param transform gets the element and its position in the epoch; it may return a promise */
  map<U>(transform: (element: T, index: number) => U | PromiseLike<U>): Dataset<Awaited<U>> {
    check('map', 'transform', transform, CALLABLE);
    return this.derive((source) => map(source, transform), this.size);
  }

  /** The elements for which `keep` returns true, or a promise of true. */
  filter(keep: (element: T, index: number) => boolean | PromiseLike<boolean>): Dataset<T> {
    check('filter', 'keep', keep, CALLABLE);
    return this.derive((source) => filter(source, keep), null);
  }

  /** The first `count` elements. */
  take(count: number): Dataset<T> {
    checkCount('take', count, 0);
    const size = this.size === null ? null : Math.min(this.size, count);
    return this.derive((source) => take(source, count), size);
  }

  /** All but the first `count` elements. */
  skip(count: number): Dataset<T> {
    checkCount('skip', count, 0);
    const size = this.size === null ? null : Math.max(this.size - count, 0);
    return this.derive((source) => skip(source, count), size);
  }

  /** Repeats the dataset `count` times, by default forever; each repetition is an epoch of the dataset that is repeated. */
  repeat(count = Infinity): Dataset<T> {
    if (count !== Infinity) checkCount('repeat', count, 0);
    const { size } = this;
    const total = size === 0 || count === 0 ? 0 : size === null ? null : size * count;
    return new Dataset(
      (epoch) => repeat(this.start, count === Infinity ? epoch : epoch * count, count),
      { ...this.facts, size: total },
    );
  }

  /**
   * Shuffles the elements, in every epoch differently.
   *
   * @param seed a whole number of at least 0; seed and epoch determine the order
   * @throws Error if neither the size is known nor `bufferSize` given
   */
  shuffle(seed: number, options: ShuffleOptions = {}): Dataset<T> {
    const defaults = { bufferSize: this.size, reshuffleEachIteration: true };
    const { bufferSize, reshuffleEachIteration } = readOptions('shuffle', options, defaults);
    checkCount('shuffle: seed', seed, 0);
    if (bufferSize === null || bufferSize === Infinity)
      throw new Error(
        'shuffle: expected bufferSize, since the dataset does not know its size: as many elements as it may have mixes ' +
          'them all, fewer mix neighbours',
      );
    checkCount('shuffle: bufferSize', bufferSize, bufferSize === this.size ? 0 : 1);
    return new Dataset(
      (epoch) => shuffle(this.start(epoch), seed, reshuffleEachIteration ? epoch : 0, bufferSize),
      { ...this.facts, reshuffles: this.facts.reshuffles || reshuffleEachIteration },
    );
  }

  /**
   * Batches of `size` elements, as `fit` takes them. Numbers and arrays of one shape are stacked along a new first axis into
   * `{ data, shape }` (Int32Array and Float64Array keep their type, others become Float32Array); strings become lists; records
   * and pairs are batched part by part.
   */
  batch(size: number, options: BatchingOptions = {}): Dataset<Batched<T>> {
    const { dropRemainder } = readOptions('batch', options, { dropRemainder: false });
    return this.batches('batch', size, dropRemainder, (elements) => stack(elements, null));
  }

  /** Batches of arrays of different shapes: each axis is padded at its end to the longest in the batch. */
  paddedBatch(size: number, options: PaddingOptions = {}): Dataset<Batched<T>> {
    const { dropRemainder, paddingValue, length } = readOptions<Required<PaddingOptions>>(
      'paddedBatch',
      options,
      PADDING,
      { paddingValue: BY_PART, length: BY_PART },
    );
    return this.batches('paddedBatch', size, dropRemainder, (elements) =>
      stack(elements, { paddingValue, length }),
    );
  }

  /** Padded batches of elements of similar length, each yielded as soon as it is full. */
  bucketByLength(options: BucketOptions<T>): Dataset<Batched<T>> {
    checkBuckets(options);
    return this.derive(
      (source) => bucketByLength(source, options) as AsyncGenerator<Batched<T>>,
      null,
    );
  }

  /** Prepares up to `count` elements in advance, for example while the device is busy. */
  prefetch(count: number): Dataset<T> {
    checkCount('prefetch', count, 1);
    const { start } = this;
    return new Dataset((epoch) => prefetch(start(epoch), count), this.facts);
  }

  /**
   * Keeps the elements of epoch 0 in memory after they have been read to the end; then the source is not read again. Every
   * epoch has the elements of epoch 0 in the same order, so shuffle after `cache()`, not before.
   */
  cache(): Dataset<T> {
    return new Dataset(cached(this.start), {
      ...this.facts,
      reshuffles: false,
      cached: true,
    });
  }

  /**
   * Splits the dataset into parts without common elements, in the order of the fractions. Without a seed each part is a
   * contiguous range: shuffle data that is sorted by label first, with `reshuffleEachIteration: false`.
   *
   * @param fractions of the whole, `[0.8, 0.1, 0.1]`; 0.8 means [0.8, 0.2]
   * @throws Error after a shuffle whose order changes in every epoch: elements would move between parts
   */
  split(fractions: number | readonly number[], options: SplitOptions = {}): Dataset<T>[] {
    checkNames('split', options, ['seed']);
    const { seed } = options;
    const ends = endsOf(fractionsOf(fractions));
    if (seed !== undefined) checkCount('split: seed', seed, 0);
    if (this.facts.reshuffles)
      throw new Error(
        'split: expected a dataset whose epochs have one order, or elements wander from part to part; split before ' +
          'shuffle(), or shuffle with reshuffleEachIteration: false',
      );
    if (this.size === Infinity)
      throw new Error('split: expected a dataset that ends; split before repeat()');
    // A part may stop reading before the source ends, so that a cache would never be filled. Counting reads to the end.
    const known = this.facts.cached ? null : this.size;
    const partOf = splitter(this.start, ends, known, seed ?? null);
    return ends.map((_, index) => {
      const [begin, end] = rangeOf(ends, index, this.size ?? NaN);
      const size = seed !== undefined || this.size === null ? null : end - begin;
      return new Dataset(partOf(index), { ...this.facts, size });
    });
  }

  private batches(
    what: string,
    size: number,
    dropRemainder: boolean,
    make: (elements: T[]) => unknown,
  ): Dataset<Batched<T>> {
    checkCount(what, size, 1);
    const round = dropRemainder ? Math.floor : Math.ceil;
    return this.derive(
      (source) => map(chunk(source, size, dropRemainder), make) as AsyncGenerator<Batched<T>>,
      this.size === null ? null : round(this.size / size),
    );
  }

  private derive<U>(
    transform: (source: AnyIterable<T>) => AnyIterable<U>,
    size: number | null,
  ): Dataset<U> {
    return new Dataset((epoch) => transform(this.start(epoch)), { ...this.facts, size });
  }
}

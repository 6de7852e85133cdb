/** A lazy sequence of elements that is gone through once an epoch. Semantics are those of `tf.data`. */
import { bucketByLength, checkBuckets } from './bucket.ts';
import type { BucketOptions } from './bucket.ts';
import type { Batched } from './elements.ts';
import { rowsOf } from './rows.ts';
import type { RowOf } from './rows.ts';
import { shuffle } from './shuffle.ts';
import type { ShuffleOptions } from './shuffle.ts';
import { endsOf, fractionsOf, rangeOf, splitter } from './split.ts';
import type { SplitOptions } from './split.ts';
import { stack } from './stack.ts';
import { checkCount } from './options.ts';
import type { BatchingOptions, Facts, PaddingOptions } from './options.ts';
import { cached, chunk, filter, map, prefetch, repeat, skip, take } from './transforms.ts';
import type { AnyIterable } from './transforms.ts';

export class Dataset<T> implements AsyncIterable<T> {
  /** Elements an epoch: null where that is not known before the end, Infinity where there is none. */
  readonly size: number | null;
  private readonly start: (epoch: number) => AnyIterable<T>;
  private readonly facts: Facts;
  private iterations = 0;

  private constructor(start: (epoch: number) => AnyIterable<T>, facts: Facts) {
    this.start = start;
    this.facts = facts;
    this.size = facts.size ?? null;
  }

  /** The entries of a list as they are. */
  static of<T>(elements: readonly T[]): Dataset<T> {
    return new Dataset(() => elements, { size: elements.length });
  }

  /**
   * The rows of arrays: of `{ x, y }` the elements are `{ x: row, y: row }`.
   *
   * @param arrays lists, typed arrays (of numbers), `{ data, shape }`, or a record of them with as many rows each
   */
  static fromArrays<A>(arrays: A): Dataset<RowOf<A>> {
    const rows = rowsOf(arrays);
    const start = function* (): Generator<RowOf<A>> {
      for (let index = 0; index < rows.size; index++) yield rows.row(index) as RowOf<A>;
    };
    return new Dataset(start, { size: rows.size });
  }

  /** @param generator makes the elements of an epoch, which is counted from 0: a (perhaps async) generator function, say */
  static fromGenerator<T>(
    generator: (epoch: number) => AnyIterable<T>,
    facts: Facts = {},
  ): Dataset<T> {
    return new Dataset(generator, facts);
  }

  /** Malformed rows that the readers under this dataset have skipped in the epoch last begun. */
  get skipped(): number {
    return this.facts.tally?.skipped ?? 0;
  }

  /** The elements of one epoch: the same number gives the same elements in the same order. */
  async *epoch(epoch: number): AsyncGenerator<T> {
    yield* this.start(epoch);
  }

  /** The elements of the next epoch: how often the dataset was gone through is counted from 0. */
  [Symbol.asyncIterator](): AsyncGenerator<T> {
    return this.epoch(this.iterations++);
  }

  /** All elements of the next epoch. */
  async toArray(): Promise<T[]> {
    const elements: T[] = [];
    for await (const element of this) elements.push(element);
    return elements;
  }

  /** @param transform from element and its position in the epoch; a promise is awaited */
  map<U>(transform: (element: T, index: number) => U | PromiseLike<U>): Dataset<Awaited<U>> {
    return this.derive((source) => map(source, transform), this.size);
  }

  /** The elements for which `keep` answers true; a promise is awaited. */
  filter(keep: (element: T, index: number) => boolean | PromiseLike<boolean>): Dataset<T> {
    return this.derive((source) => filter(source, keep), null);
  }

  /** The first `count` elements. */
  take(count: number): Dataset<T> {
    checkCount('take', count, 0);
    const size = this.size === null ? null : Math.min(this.size, count);
    return this.derive((source) => take(source, count), size);
  }

  /** What follows the first `count` elements. */
  skip(count: number): Dataset<T> {
    checkCount('skip', count, 0);
    const size = this.size === null ? null : Math.max(this.size - count, 0);
    return this.derive((source) => skip(source, count), size);
  }

  /** Goes through the dataset `count` times, or on and on; each time is an epoch of what lies before. */
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
   * Random order, another one every epoch.
   *
   * @param seed a whole number from 0 on; seed and epoch decide the order
   * @throws Error without `bufferSize` where the size is not known
   */
  shuffle(seed: number, options: ShuffleOptions = {}): Dataset<T> {
    const { bufferSize = this.size, reshuffleEachIteration = true } = options;
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
   * Batches of `size` elements, stacked as `fit` takes them: numbers and arrays of one shape get the batch as a first axis,
   * `{ data, shape }` (Int32Array stays, else Float32Array); strings become lists; records and pairs part by part.
   */
  batch(size: number, { dropRemainder = false }: BatchingOptions = {}): Dataset<Batched<T>> {
    return this.batches('batch', size, dropRemainder, (elements) => stack(elements, null));
  }

  /** Batches of arrays that differ in their extents: each axis is filled up to the longest of the batch, at its end. */
  paddedBatch(size: number, options: PaddingOptions = {}): Dataset<Batched<T>> {
    const { dropRemainder = false, paddingValue = 0, length = null } = options;
    return this.batches('paddedBatch', size, dropRemainder, (elements) =>
      stack(elements, { paddingValue, length }),
    );
  }

  /** Padded batches of elements of similar length, each given as soon as it is full. */
  bucketByLength(options: BucketOptions<T>): Dataset<Batched<T>> {
    checkBuckets(options);
    return this.derive(
      (source) => bucketByLength(source, options) as AsyncGenerator<Batched<T>>,
      null,
    );
  }

  /** Makes up to `count` elements before they are asked for: while the device works, say. */
  prefetch(count: number): Dataset<T> {
    checkCount('prefetch', count, 1);
    const { start } = this;
    return new Dataset((epoch) => prefetch(start(epoch), count), this.facts);
  }

  /**
   * Keeps the elements of epoch 0 in memory once they were gone through to the end, and reads nothing again. Every epoch
   * gives these: a `shuffle` that comes before keeps one order, so it comes after.
   */
  cache(): Dataset<T> {
    return new Dataset(cached(this.start), {
      ...this.facts,
      reshuffles: false,
      cached: true,
    });
  }

  /**
   * Parts of the dataset that have no element in common, in the order given. Without a seed they follow each other (what is
   * sorted by label should be shuffled before, with `reshuffleEachIteration: false`).
   *
   * @param fractions of the whole, `[0.8, 0.1, 0.1]`; 0.8 is [0.8, 0.2]
   * @throws Error after a shuffle that reshuffles: elements would wander from part to part
   */
  split(fractions: number | readonly number[], { seed }: SplitOptions = {}): Dataset<T>[] {
    const ends = endsOf(fractionsOf(fractions));
    if (seed !== undefined) checkCount('split: seed', seed, 0);
    if (this.facts.reshuffles)
      throw new Error(
        'split: expected a dataset whose epochs have one order, or elements wander from part to part; split before ' +
          'shuffle(), or shuffle with reshuffleEachIteration: false',
      );
    if (this.size === Infinity)
      throw new Error('split: expected a dataset that ends; split before repeat()');
    // A part ends before its source does, which would never fill a cache: counting does, at once for all parts.
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

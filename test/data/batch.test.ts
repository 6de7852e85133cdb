/** Stacking elements into batches, padding and bucketing; and that `fit` takes the result. */
import { describe, expect, it } from 'vitest';
import { Dataset } from '../../src/data/dataset.ts';

const first = async (dataset: Dataset<unknown>): Promise<any> => (await dataset.toArray())[0];
const floats = (...values: number[]): Float32Array => Float32Array.from(values);

describe('batch', () => {
  it('stacks numbers, arrays and strings', async () => {
    expect(await Dataset.of([1, 2, 3]).batch(2).toArray()).toEqual([
      { data: floats(1, 2), shape: [2] },
      { data: floats(3), shape: [1] },
    ]);
    const ids = Dataset.of([Int32Array.of(1, 2), Int32Array.of(3, 4)]).batch(2);
    expect(await first(ids)).toEqual({ data: Int32Array.of(1, 2, 3, 4), shape: [2, 2] });
    const lists = Dataset.of([[[1, 2, 3]], [[4, 5, 6]]]).batch(2);
    expect(await first(lists)).toEqual({ data: floats(1, 2, 3, 4, 5, 6), shape: [2, 1, 3] });
    const doubles = Dataset.of([Float64Array.of(0.1)]).batch(1);
    expect(await first(doubles)).toEqual({ data: Float64Array.of(0.1), shape: [1, 1] });
    const bytes = Dataset.of([Uint8Array.of(255)]).batch(1);
    expect(await first(bytes)).toEqual({ data: floats(255), shape: [1, 1] });
    expect(await first(Dataset.of([true, false]).batch(2))).toEqual({
      data: floats(1, 0),
      shape: [2],
    });
    expect(await first(Dataset.of(['a', 'b']).batch(2))).toEqual(['a', 'b']);
    expect(await first(Dataset.of([['a'], ['b', 'c']]).batch(2))).toEqual([['a'], ['b', 'c']]);
  });

  it('keeps structures: records, records in them, and pairs', async () => {
    const records = Dataset.of([
      { x: { ids: Int32Array.of(1), text: 'a' }, y: 0 },
      { x: { ids: Int32Array.of(2), text: 'b' }, y: 1 },
    ]);
    expect(await first(records.batch(2))).toEqual({
      x: { ids: { data: Int32Array.of(1, 2), shape: [2, 1] }, text: ['a', 'b'] },
      y: { data: floats(0, 1), shape: [2] },
    });
    const pairs = Dataset.of<[Float32Array, number]>([
      [floats(1, 2), 0],
      [floats(3, 4), 1],
    ]);
    expect(await first(pairs.batch(2))).toEqual([
      { data: floats(1, 2, 3, 4), shape: [2, 2] },
      { data: floats(0, 1), shape: [2] },
    ]);
  });

  it('drops a remainder if asked, and knows its size', async () => {
    const numbers = Dataset.of([1, 2, 3, 4, 5]);
    expect(numbers.batch(2).size).toBe(3);
    expect(numbers.batch(2, { dropRemainder: true }).size).toBe(2);
    expect(await numbers.batch(2, { dropRemainder: true }).toArray()).toHaveLength(2);
  });

  it('says what does not fit together', async () => {
    const fails = (elements: unknown[], message: RegExp) =>
      expect(Dataset.of(elements).batch(9).toArray()).rejects.toThrow(message);
    await fails([[1, 2], [3]], /one shape, got \[2\] and \[1\]; use paddedBatch/);
    await fails([1, 'a'], /one structure, got 1 and 'a'/);
    await fails([{ x: 1, y: 2 }, { x: 1 }], /got parts x, y and x$/);
    await fails([{ x: [1] }, { x: [1, 2] }], /batch: 'x': expected elements of one shape/);
    await fails([[[1], [2, 3]]], /lists of one shape \[2,1\]/);
    await fails([null], /expected numbers, strings, .* got null/);
    await fails([new Map()], /got an object \(Map\)/);
    expect(() => Dataset.of([1]).batch(0)).toThrow(/batch: expected a whole number of at least 1/);
  });
});

describe('paddedBatch', () => {
  it('pads every axis to the longest of the batch', async () => {
    const sequences = Dataset.of([Int32Array.of(1, 2, 3), Int32Array.of(4), Int32Array.of(5, 6)]);
    expect(await sequences.paddedBatch(2).toArray()).toEqual([
      { data: Int32Array.of(1, 2, 3, 4, 0, 0), shape: [2, 3] },
      { data: Int32Array.of(5, 6), shape: [1, 2] },
    ]);
    const deep = Dataset.of<any>([
      { data: floats(1, 2, 3, 4), shape: [2, 2] },
      { data: floats(5, 6, 7), shape: [1, 3] },
      [],
    ]);
    expect(await first(deep.paddedBatch(3, { paddingValue: 9 }))).toEqual({
      data: floats(1, 2, 9, 3, 4, 9, 5, 6, 7, 9, 9, 9, 9, 9, 9, 9, 9, 9),
      shape: [3, 2, 3],
    });
  });

  it('takes lengths and values by part; a number is the length of x', async () => {
    const tagged = Dataset.of([
      { x: Int32Array.of(1, 2), y: Int32Array.of(0, 1) },
      { x: Int32Array.of(3), y: Int32Array.of(1) },
    ]);
    expect(await first(tagged.paddedBatch(2, { length: 3, paddingValue: { y: -1 } }))).toEqual({
      x: { data: Int32Array.of(1, 2, 0, 3, 0, 0), shape: [2, 3] },
      y: { data: Int32Array.of(0, 1, 1, -1), shape: [2, 2] },
    });
    const both = await first(tagged.paddedBatch(2, { length: { x: 2, y: 3 } }));
    expect([both.x.shape, both.y.shape]).toEqual([
      [2, 2],
      [2, 3],
    ]);
    await expect(tagged.paddedBatch(2, { length: 1 }).toArray()).rejects.toThrow(
      /'x': expected at most length 1, got a sequence of 2; cut it in map/,
    );
    await expect(tagged.paddedBatch(2, { paddingValue: 0.5 }).toArray()).rejects.toThrow(/whole/);
  });
});

describe('bucketByLength', () => {
  // The example of tf.data.Dataset.bucket_by_sequence_length, with its results.
  const elements = [
    [0],
    [1, 2, 3, 4],
    [5, 6, 7],
    [7, 8, 9, 10, 11],
    [13, 14, 15, 16, 19, 20],
    [21, 22],
  ];

  it('gives the batches of the example of tf.data', async () => {
    const buckets = Dataset.of(elements).bucketByLength({ boundaries: [3, 5], batchSize: 2 });
    expect(await buckets.toArray()).toEqual([
      { data: floats(1, 2, 3, 4, 5, 6, 7, 0), shape: [2, 4] },
      { data: floats(7, 8, 9, 10, 11, 0, 13, 14, 15, 16, 19, 20), shape: [2, 6] },
      { data: floats(0, 0, 21, 22), shape: [2, 2] },
    ]);
  });

  it('pads to the boundary if asked', async () => {
    const source = Dataset.of(elements);
    const options = { batchSize: 2, padToBucketBoundary: true, paddingValue: -1 };
    const padded = source.take(4).bucketByLength({ ...options, boundaries: [3, 6] });
    expect(await padded.toArray()).toEqual([
      { data: floats(1, 2, 3, 4, -1, 5, 6, 7, -1, -1), shape: [2, 5] },
      { data: floats(0, -1), shape: [1, 2] },
      { data: floats(7, 8, 9, 10, 11), shape: [1, 5] },
    ]);
    await expect(
      source.bucketByLength({ ...options, boundaries: [3, 5] }).toArray(),
    ).rejects.toThrow(/shorter than the last boundary, to pad to it, got one of 5/);
  });

  it('takes a width, sizes by bucket, a length of the user, and drops the rest', async () => {
    const source = Dataset.of(elements.map((x) => ({ x, y: x.length })));
    const shapes = async (dataset: Dataset<any>) =>
      (await dataset.toArray()).map(({ x }: any) => x.shape);
    expect(await shapes(source.bucketByLength({ width: 3, batchSize: 2 }))).toEqual([
      [2, 4],
      [2, 2],
      [1, 5],
      [1, 6],
    ]);
    expect(
      await shapes(
        source.bucketByLength({ boundaries: [3], batchSize: [1, 3], dropRemainder: true }),
      ),
    ).toEqual([
      [1, 1],
      [3, 5],
      [1, 2],
    ]);
    const reversed = source.bucketByLength({ boundaries: [2], batchSize: 6, length: () => 0 });
    expect(await shapes(reversed)).toEqual([[6, 6]]);
  });

  it('checks its options', () => {
    const bucket = (options: any) => () => Dataset.of(elements).bucketByLength(options);
    expect(bucket({ batchSize: 2 })).toThrow(/either boundaries or width/);
    expect(bucket({ batchSize: 0, width: 2 })).toThrow(/batchSize to be a positive whole number/);
    expect(bucket({ batchSize: 2, boundaries: [3, 3] })).toThrow(/rising boundaries, got 3, 3/);
    expect(bucket({ batchSize: [1, 2], boundaries: [3, 5] })).toThrow(/one for each of the bucket/);
  });
});

/** A text cut into parallel streams: which token stands where. */
import { describe, expect, it } from 'vitest';
import { textStreams } from '../../src/data/index.ts';
import type { TextStreamsBatch } from '../../src/data/index.ts';

/** Ids that differ, so that a token is known by its id. */
const numbers = (length: number) => Int32Array.from({ length }, (_, i) => 100 + i);

/** [batch][row][step] of what counts. */
const rowsOf = (batches: readonly TextStreamsBatch[], part: 'x' | 'y') =>
  batches.map((batch) => {
    const [rows, steps] = batch.x.shape;
    return Array.from({ length: rows }, (_, row) =>
      Array.from({ length: steps }, (_, step) => row * steps + step)
        .filter((at) => batch.sampleWeight?.data[at] !== 0)
        .map((at) => batch[part].data[at]),
    );
  });

describe('streams of a text', () => {
  it('go on in the next batch, and have each token but the first as a target once', async () => {
    for (const [length, batchSize, sequenceLength] of [
      [25, 3, 4],
      [26, 3, 4],
      [27, 3, 5],
      [31, 3, 5],
      [13, 1, 12],
      [14, 1, 12],
      [9, 8, 1],
      [200, 7, 6],
    ]) {
      const ids = numbers(length);
      const streams = textStreams(ids, { batchSize, sequenceLength });
      const batches = await streams.toArray();
      expect(batches).toHaveLength(streams.size!);
      const [x, y] = [rowsOf(batches, 'x'), rowsOf(batches, 'y')];
      const all = (part: number[][][]) =>
        Array.from({ length: batchSize }, (_, row) => part.flatMap((batch) => batch[row]));
      // One stream after the other is the whole text.
      expect(all(y).flat()).toEqual(Array.from(ids.subarray(1)));
      expect(all(x).flat()).toEqual(Array.from(ids.subarray(0, -1)));
      const lengths = all(y).map((row) => row.length);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(2);
      for (const { x, y, sampleWeight } of batches.slice(0, -1)) {
        expect([x.shape, y.shape]).toEqual(Array(2).fill([batchSize, sequenceLength]));
        expect(sampleWeight).toBeUndefined();
      }
    }
  });

  it('are padded with 0 where one is a token shorter', async () => {
    const batches = await textStreams(numbers(8), { batchSize: 3, sequenceLength: 2 }).toArray();
    const shape = [3, 1];
    expect(batches[1]).toEqual({
      x: { data: Int32Array.of(102, 0, 0), shape },
      y: { data: Int32Array.of(103, 0, 0), shape },
      sampleWeight: { data: Float32Array.of(1, 0, 0), shape },
    });
  });

  it('have batches of one shape where the remainder is dropped', async () => {
    const options = { batchSize: 3, sequenceLength: 4, dropRemainder: true };
    const streams = textStreams(numbers(35), options);
    const batches = await streams.toArray();
    expect(streams.size).toBe(2);
    expect(batches.map(({ x, sampleWeight }) => [x.shape, sampleWeight])).toEqual(
      Array(2).fill([[3, 4], undefined]),
    );
    expect(rowsOf(batches, 'x').map(([, row]) => row)).toEqual([
      [111, 112, 113, 114],
      [115, 116, 117, 118],
    ]);
  });

  it('take a list of ids as well', async () => {
    const options = { batchSize: 1, sequenceLength: 2 };
    const [{ x }] = await textStreams([7, 8, 9], options).toArray();
    expect(x.data).toEqual(Int32Array.of(7, 8));
  });

  it('say what is wrong', () => {
    const options = { batchSize: 4, sequenceLength: 8 };
    expect(() => textStreams(numbers(32), options)).toThrow(
      'textStreams: expected at least 4 · 8 + 1 = 33 ids for one batch, got 32; lower batchSize or sequenceLength, or take a longer text',
    );
    expect(textStreams(numbers(33), options).size).toBe(1);
    expect(() => textStreams(numbers(99), { ...options, batchSize: 0 })).toThrow(
      'textStreams: batchSize: expected a whole number of at least 1, got 0',
    );
    expect(() => textStreams(numbers(99), { ...options, sequenceLength: 1.5 })).toThrow(
      'textStreams: sequenceLength: expected a whole number of at least 1, got 1.5',
    );
    expect(() => textStreams('to be or not to be' as never, options)).toThrow(
      'textStreams: expected ids, whole numbers, got a text; encode the text first',
    );
    expect(() => textStreams([1, 2, NaN], options)).toThrow(
      'expected ids, whole numbers, got NaN at position 2',
    );
  });
});

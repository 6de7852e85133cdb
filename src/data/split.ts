/** Which elements of a dataset belong to which part. */
import { foldSeed, Random } from '../random.ts';
import { skip, take } from './transforms.ts';
import type { AnyIterable } from './transforms.ts';

export interface SplitOptions {
  /**
   * Draws the part of every element by seed and position: parts have about their size, in the order of the source, and
   * nothing need be counted. Without it the parts follow each other, exactly sized.
   */
  seed?: number;
}

/** Fractions that make up the whole: one number is the first of two. */
export function fractionsOf(given: number | readonly number[]): readonly number[] {
  const fractions = typeof given === 'number' ? [given, 1 - given] : given;
  const total = fractions.reduce((sum, fraction) => sum + fraction, 0);
  if (fractions.length < 2 || !fractions.every((one) => one > 0) || total > 1 + 1e-9)
    throw new Error(
      `split: expected fractions above 0 that add up to at most 1, got ${fractions.join(', ')}`,
    );
  return fractions;
}

/** The ends of the parts, as fractions of the whole. */
export function endsOf(fractions: readonly number[]): number[] {
  let sum = 0;
  return fractions.map((fraction) => {
    sum += fraction;
    // 0.7 + 0.2 + 0.1 is a little less than 1.
    return sum > 1 - 1e-9 ? 1 : sum;
  });
}

/** Positions [begin, end) of part `index` of `size` elements; the last of complete fractions ends at the end. */
export function rangeOf(ends: readonly number[], index: number, size: number): [number, number] {
  // 0.29 * 100 is a little less than 29.
  const position = (fraction: number): number => Math.floor(fraction * size + 1e-6);
  return [index === 0 ? 0 : position(ends[index - 1]), position(ends[index])];
}

/**
 * Makes the parts of epochs that `start` gives. Where neither seed nor size is there, the elements are counted once, when
 * the first of a part is asked for.
 */
export function splitter<T>(
  start: (epoch: number) => AnyIterable<T>,
  ends: readonly number[],
  size: number | null,
  seed: number | null,
): (index: number) => (epoch: number) => AnyIterable<T> {
  let counted: Promise<number> | null = null;
  async function* followingPart(index: number, epoch: number): AsyncGenerator<T> {
    const [begin, end] = rangeOf(ends, index, size ?? (await (counted ??= count(start(0)))));
    yield* take(skip(start(epoch), begin), end - begin);
  }
  return (index) => (epoch) =>
    seed === null ? followingPart(index, epoch) : drawnPart(start(epoch), ends, index, seed);
}

async function count(source: AnyIterable<unknown>): Promise<number> {
  let elements = 0;
  for await (const _ of source) elements++;
  return elements;
}

async function* drawnPart<T>(
  source: AnyIterable<T>,
  ends: readonly number[],
  index: number,
  seed: number,
): AsyncGenerator<T> {
  const random = new Random(foldSeed(seed, 0));
  for await (const element of source) {
    const draw = random.uniform();
    if (draw < ends[index] && (index === 0 || draw >= ends[index - 1])) yield element;
  }
}

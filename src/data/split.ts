/** Assigns the elements of a dataset to parts. */
import { check, isListOf, NUMBER } from '../options.ts';
import type { Check } from '../options.ts';
import { foldSeed, Random } from '../random.ts';
import { skip, take } from './transforms.ts';
import type { AnyIterable } from './transforms.ts';

/** How `Dataset.split` assigns elements to parts. */
export interface SplitOptions {
  /**
   * With a seed, each element is assigned to a random part that depends on the seed and the element's position: parts have
   * approximately the given sizes, and elements need not be counted. Without one, parts are contiguous and have exact sizes.
   */
  seed?: number;
}

const NUMBERS: Check = ['a number, or a list of numbers', (value) => isListOf(value, NUMBER[1])];

/** The fractions of all parts: a single number is the first of two. */
export function fractionsOf(given: number | readonly number[]): readonly number[] {
  const fractions = typeof given === 'number' ? [given, 1 - given] : given;
  check('split', 'fractions', fractions, NUMBERS);
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
    // In floating point, 0.7 + 0.2 + 0.1 is slightly less than 1.
    return sum > 1 - 1e-9 ? 1 : sum;
  });
}

/** Positions [begin, end) of part `index` among `size` elements. */
export function rangeOf(ends: readonly number[], index: number, size: number): [number, number] {
  // In floating point, 0.29 * 100 is slightly less than 29.
  const position = (fraction: number): number => Math.floor(fraction * size + 1e-6);
  return [index === 0 ? 0 : position(ends[index - 1]), position(ends[index])];
}

/**
 * A function that returns part `index` of the dataset whose epochs `start` begins. With neither a seed nor a known size, the
 * elements are counted once, before the first one is yielded.
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

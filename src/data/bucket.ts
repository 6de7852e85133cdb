/** Batches of elements of similar length: `tf.data.Dataset.bucket_by_sequence_length`. */
import { isShaped, isTyped, kindOf, partOf } from './elements.ts';
import { stack } from './stack.ts';
import type { ByPart } from './stack.ts';
import type { AnyIterable } from './transforms.ts';

export interface BucketOptions<T> {
  /** Upper bounds, rising, not included: [10, 20] makes the buckets [0, 10), [10, 20) and [20, ∞). */
  boundaries?: readonly number[];
  /** Instead of boundaries: buckets [0, width), [width, 2·width) and so on. */
  width?: number;
  /** Elements a batch; a list has one for each bucket of `boundaries`, one more than those. */
  batchSize: number | readonly number[];
  /** Length of an element; by default that of the element, or of its x: list, typed array, string or first axis. */
  length?: (element: T) => number;
  /** What shorter sequences are filled up with, at their end; by the part's name where they differ, `{ y: -1 }`. */
  paddingValue?: ByPart;
  /** Pads x (or an element that has no parts) to the longest length of its bucket and not of the batch. */
  padToBucketBoundary?: boolean;
  /** Leaves out what fills no batch at the end. */
  dropRemainder?: boolean;
}

/** Gives a batch as soon as it is full; at the end the rest, shortest bucket first. */
export async function* bucketByLength<T>(
  source: AnyIterable<T>,
  options: BucketOptions<T>,
): AsyncGenerator<unknown> {
  const { length = lengthOf, paddingValue = 0, padToBucketBoundary = false } = options;
  const buckets = new Map<number, T[]>();
  const batchOf = (bucket: number, elements: T[]): unknown => {
    const bound = padToBucketBoundary ? boundOf(options, bucket) - 1 : null;
    if (bound === Infinity)
      throw new Error(
        `bucketByLength: expected elements shorter than the last boundary, to pad to it, got one of ${length(elements[0])}; ` +
          'add a boundary or leave out padToBucketBoundary',
      );
    return stack(elements, { paddingValue, length: bound });
  };
  for await (const element of source) {
    const bucket = bucketOf(options, length(element));
    const elements = buckets.get(bucket) ?? [];
    buckets.set(bucket, elements);
    elements.push(element);
    if (elements.length < sizeOf(options, bucket)) continue;
    buckets.delete(bucket);
    yield batchOf(bucket, elements);
  }
  if (options.dropRemainder) return;
  for (const [bucket, elements] of [...buckets].sort(([a], [b]) => a - b))
    yield batchOf(bucket, elements);
}

function bucketOf({ boundaries, width }: BucketOptions<never>, length: number): number {
  if (!(length >= 0)) throw new Error(`bucketByLength: expected a length from 0 on, got ${length}`);
  if (!boundaries) return Math.floor(length / width!);
  const bucket = boundaries.findIndex((bound) => length < bound);
  return bucket < 0 ? boundaries.length : bucket;
}

function boundOf({ boundaries, width }: BucketOptions<never>, bucket: number): number {
  return boundaries ? (boundaries[bucket] ?? Infinity) : (bucket + 1) * width!;
}

function sizeOf({ batchSize }: BucketOptions<never>, bucket: number): number {
  return typeof batchSize === 'number' ? batchSize : batchSize[bucket];
}

/** @throws Error where the options are none that could be meant */
export function checkBuckets({ boundaries, width, batchSize }: BucketOptions<never>): void {
  const sizes = typeof batchSize === 'number' ? [batchSize] : batchSize;
  if (!sizes.every((size) => Number.isInteger(size) && size > 0))
    throw new Error(`bucketByLength: expected batchSize to be positive, got ${String(batchSize)}`);
  if ((boundaries === undefined) === (width === undefined))
    throw new Error('bucketByLength: expected either boundaries or width');
  if (width !== undefined && !(Number.isInteger(width) && width > 0))
    throw new Error(`bucketByLength: expected width to be a whole number from 1 on, got ${width}`);
  if (boundaries?.some((bound, i) => !(bound > (i === 0 ? 0 : boundaries[i - 1]))))
    throw new Error(`bucketByLength: expected rising boundaries, got ${boundaries.join(', ')}`);
  if (typeof batchSize !== 'number' && batchSize.length !== (boundaries?.length ?? NaN) + 1)
    throw new Error(
      `bucketByLength: expected one batchSize, or one for each of the buckets of boundaries, got ${batchSize.length}`,
    );
}

function lengthOf(element: unknown): number {
  const kind = kindOf(element, 'bucketByLength');
  if (kind === 'pair' || kind === 'record') {
    const x = partOf(element, kind, 'x');
    if (x !== undefined && kindOf(x, 'bucketByLength') !== 'record') return lengthOf(x);
  } else if (isShaped(element)) return element.shape[0];
  else if (typeof element === 'string' || Array.isArray(element) || isTyped(element))
    return element.length;
  throw new Error(
    'bucketByLength: expected elements that are sequences or have a sequence x; pass length: (element) => …',
  );
}

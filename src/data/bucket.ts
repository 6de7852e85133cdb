/** Batches of elements of similar length, like `tf.data.Dataset.bucket_by_sequence_length`. */
import { isShaped, isTyped, kindOf, partOf } from './elements.ts';
import { CALLABLE, check, COUNT, LIST, readOptions, REQUIRED, show } from '../options.ts';
import type { Check } from '../options.ts';
import { BY_PART, stack } from './stack.ts';
import type { ByPart } from './stack.ts';
import type { AnyIterable } from './transforms.ts';

/**
 * How `Dataset.bucketByLength` sorts elements into buckets, batches and pads them. Either `boundaries` or `width` is
 * given.
 */
export interface BucketOptions<T> {
  /** Exclusive upper bounds in ascending order: [10, 20] makes the buckets [0, 10), [10, 20) and [20, ∞). */
  boundaries?: readonly number[];
  /** Instead of boundaries: buckets [0, width), [width, 2·width) and so on. */
  width?: number;
  /** Elements per batch: one number, or one for each bucket, which is one more than there are `boundaries`. */
  batchSize: number | readonly number[];
  /** The length of an element; by default that of the element, or of its x, as a list, typed array, string or first axis. */
  length?: (element: T) => number;
  /** The value that pads shorter sequences at their end; different ones by the part's name, `{ y: -1 }`. 0 by default. */
  paddingValue?: ByPart;
  /**
   * Pads x (or an element without parts) to the longest length that its bucket allows, not to the longest in the batch;
   * false by default.
   */
  padToBucketBoundary?: boolean;
  /** Drops batches that are not full at the end; false by default. */
  dropRemainder?: boolean;
}

/** Yields each batch as soon as it is full, and at the end the incomplete ones, shortest bucket first. */
export async function* bucketByLength<T>(
  source: AnyIterable<T>,
  options: BucketOptions<T>,
): AsyncGenerator<unknown> {
  const { padToBucketBoundary = false } = options;
  const [length, paddingValue] = [options.length ?? lengthOf, options.paddingValue ?? 0];
  const { boundaries, width, batchSize } = options;
  const buckets = new Map<number, T[]>();
  const batchOf = (bucket: number, elements: T[]): unknown => {
    const bound = boundaries ? (boundaries[bucket] ?? Infinity) : (bucket + 1) * width!;
    if (padToBucketBoundary && bound === Infinity)
      throw new Error(
        `bucketByLength: expected elements shorter than the last boundary, to pad to it, got one of ${length(elements[0])}; ` +
          'add a boundary or leave out padToBucketBoundary',
      );
    return stack(elements, { paddingValue, length: padToBucketBoundary ? bound - 1 : null });
  };
  for await (const element of source) {
    const bucket = bucketOf(options, length(element));
    const elements = buckets.get(bucket) ?? [];
    buckets.set(bucket, elements);
    elements.push(element);
    const size = typeof batchSize === 'number' ? batchSize : batchSize[bucket];
    if (elements.length < size) continue;
    buckets.delete(bucket);
    yield batchOf(bucket, elements);
  }
  if (options.dropRemainder) return;
  for (const [bucket, elements] of [...buckets].sort(([a], [b]) => a - b))
    yield batchOf(bucket, elements);
}

function bucketOf({ boundaries, width }: BucketOptions<never>, length: number): number {
  if (!(length >= 0))
    throw new Error(`bucketByLength: expected a length of at least 0, got ${show(length)}`);
  if (!boundaries) return Math.floor(length / width!);
  const bucket = boundaries.findIndex((bound) => length < bound);
  return bucket < 0 ? boundaries.length : bucket;
}

type AllOptions = { [Name in keyof Required<BucketOptions<never>>]: BucketOptions<never>[Name] };
const OPTIONS: AllOptions = {
  boundaries: undefined,
  width: undefined,
  batchSize: REQUIRED,
  length: undefined,
  paddingValue: 0,
  padToBucketBoundary: false,
  dropRemainder: false,
};
const BY_BUCKET: Check = [
  'a number, or a list of them',
  (value) => typeof value === 'number' || Array.isArray(value),
];

/** @throws Error if the options contradict each other or are out of range */
export function checkBuckets(options: BucketOptions<never>): void {
  const { boundaries, width, batchSize } = readOptions('bucketByLength', options, OPTIONS, {
    boundaries: LIST,
    batchSize: BY_BUCKET,
    length: CALLABLE,
    paddingValue: BY_PART,
  });
  const sizes = typeof batchSize === 'number' ? [batchSize] : batchSize;
  for (const size of sizes) check('bucketByLength', 'batchSize', size, COUNT);
  if ((boundaries === undefined) === (width === undefined))
    throw new Error('bucketByLength: expected either boundaries or width');
  if (width !== undefined && !(Number.isInteger(width) && width > 0))
    throw new Error(
      `bucketByLength: expected width to be a whole number of at least 1, got ${show(width)}`,
    );
  if (boundaries?.some((bound, i) => !(bound > (i === 0 ? 0 : boundaries[i - 1]))))
    throw new Error(
      `bucketByLength: expected rising boundaries, got ${boundaries.map(show).join(', ')}`,
    );
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

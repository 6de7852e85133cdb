/** Functions from iterables to iterables. Each closes its source if it is closed early. */
import { foldSeed, Random } from '../random.ts';

/** At once or later. @inline */
export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;

export async function* map<T, U>(
  source: AnyIterable<T>,
  transform: (element: T, index: number) => U | PromiseLike<U>,
): AsyncGenerator<Awaited<U>> {
  let index = 0;
  for await (const element of source) yield await transform(element, index++);
}

export async function* filter<T>(
  source: AnyIterable<T>,
  keep: (element: T, index: number) => boolean | PromiseLike<boolean>,
): AsyncGenerator<T> {
  let index = 0;
  for await (const element of source) if (await keep(element, index++)) yield element;
}

export async function* take<T>(source: AnyIterable<T>, count: number): AsyncGenerator<T> {
  if (count === 0) return;
  let taken = 0;
  for await (const element of source) {
    yield element;
    // Return before asking for the next element, which may take long or never come.
    if (++taken === count) return;
  }
}

export async function* skip<T>(source: AnyIterable<T>, count: number): AsyncGenerator<T> {
  let index = 0;
  for await (const element of source) if (index++ >= count) yield element;
}

/** Lists of `size` elements; the last one may be shorter. */
export async function* chunk<T>(
  source: AnyIterable<T>,
  size: number,
  dropRemainder: boolean,
): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const element of source) {
    chunk.push(element);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0 && !dropRemainder) yield chunk;
}

/** So many elements are asked for before the first has come. */
const AT_FIRST = 256;

/** Reads up to `count` elements ahead. */
export async function* prefetch<T>(source: AnyIterable<T>, count: number): AsyncGenerator<T> {
  const iterator = map(source, (element) => element);
  const asked: Promise<IteratorResult<Awaited<T>>>[] = [];
  const ask = (): void => {
    const next = iterator.next();
    // An error is thrown when this promise is awaited, below.
    next.catch(() => undefined);
    asked.push(next);
  };
  try {
    while (asked.length < Math.min(count, AT_FIRST)) ask();
    for (;;) {
      const next = await asked.shift()!;
      if (next.done) return;
      // Two for one, until there are as many as it may be: a count of any size takes no longer than there are elements.
      for (let k = 0; k < 2 && asked.length < count; k++) ask();
      yield next.value;
    }
  } finally {
    await iterator.return(undefined);
  }
}

/** `count` epochs one after the other, starting with epoch `first`; stops at an empty one. */
export async function* repeat<T>(
  start: (epoch: number) => AnyIterable<T>,
  first: number,
  count: number,
): AsyncGenerator<T> {
  for (let i = 0; i < count; i++) {
    let empty = true;
    for await (const element of start(first + i)) {
      empty = false;
      yield element;
    }
    if (empty) return;
  }
}

/** Keeps the elements of epoch 0 after they have been read to the end once; until then every epoch reads epoch 0 again. */
export function cached<T>(start: (epoch: number) => AnyIterable<T>): () => AnyIterable<T> {
  let kept: T[] | null = null;
  async function* fill(): AsyncGenerator<T> {
    const elements: T[] = [];
    for await (const element of start(0)) {
      elements.push(element);
      yield element;
    }
    kept ??= elements;
  }
  return () => kept ?? fill();
}

/** How `Dataset.shuffle` mixes. */
export interface ShuffleOptions {
  /**
   * How many elements to hold in memory; a random one of them is yielded and replaced by the next from the source. Data that is
   * sorted by label needs a buffer for all its elements. By default the size of the dataset, which must be known.
   */
  bufferSize?: number | undefined;
  /** Whether the order changes in every epoch; true by default. */
  reshuffleEachIteration?: boolean;
}

/** Shuffles a stream through a buffer, like `tf.data`. */
export async function* shuffle<T>(
  source: AnyIterable<T>,
  seed: number,
  epoch: number,
  bufferSize: number,
): AsyncGenerator<T> {
  const random = new Random(foldSeed(seed, epoch));
  const buffer: T[] = [];
  for await (const element of source) {
    if (buffer.length < bufferSize) {
      buffer.push(element);
      continue;
    }
    const at = random.integer(bufferSize);
    const chosen = buffer[at];
    buffer[at] = element;
    yield chosen;
  }
  yield* random.shuffle(buffer);
}

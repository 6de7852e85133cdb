/** Shuffles a stream through a buffer, like `tf.data`. */
import { foldSeed, Random } from '../random.ts';
import type { AnyIterable } from './transforms.ts';

export interface ShuffleOptions {
  /**
   * How many elements to hold in memory; a random one of them is yielded and replaced by the next from the source. Data that is
   * sorted by label needs a buffer for all its elements. By default the size of the dataset, which must be known.
   */
  bufferSize?: number | undefined;
  /** Whether the order changes in every epoch; true by default. */
  reshuffleEachIteration?: boolean;
}

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

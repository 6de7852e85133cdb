/** Shuffling through a buffer, as `tf.data` does it. */
import { foldSeed, Random } from '../random.ts';
import type { AnyIterable } from './transforms.ts';

export interface ShuffleOptions {
  /**
   * Elements held in memory, of which one at random is given out and replaced by the next: what is sorted by label wants
   * as many as it has elements. By default all, which must be known (`size`).
   */
  bufferSize?: number | undefined;
  /** Whether every iteration has an order of its own, by seed and epoch; true by default. */
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

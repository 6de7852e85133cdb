// Sequences of ids in batches of like length, so that little padding is computed.
import { Dataset } from '../../src/data/index.ts';

export interface Sample {
  readonly x: Int32Array;
  readonly y: number;
}

export interface Batching {
  readonly seed: number;
  readonly batchSize: number;
  /** Lengths that differ by less may share a batch. */
  readonly width?: number;
}

/** The batches of an epoch, by its number: so that training taken up again sees those that it would have seen. */
export function batchesOf(samples: readonly Sample[], { seed, batchSize, width = 50 }: Batching) {
  const all = Dataset.of(samples).shuffle(seed).bucketByLength({ width, batchSize });
  return (epoch: number) => all.epoch(epoch);
}

/** How many batches these are, the same in every epoch. */
export function stepsOf(
  samples: readonly { readonly x: ArrayLike<unknown> }[],
  { batchSize, width = 50 }: Omit<Batching, 'seed'>,
): number {
  const buckets = new Map<number, number>();
  for (const { x } of samples) {
    const bucket = Math.floor(x.length / width);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  }
  return [...buckets.values()].reduce((sum, count) => sum + Math.ceil(count / batchSize), 0);
}

/** All but the last `fraction`, and these. */
export function holdOut<T>(samples: readonly T[], fraction: number): [T[], T[]] {
  const split = Math.floor(samples.length * (1 - fraction));
  return [samples.slice(0, split), samples.slice(split)];
}

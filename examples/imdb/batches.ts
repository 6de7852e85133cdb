// Batches of sequences of similar length, so that there is little padding.
import { Dataset } from '../../src/data/index.ts';

export interface Sample {
  readonly x: Int32Array;
  readonly y: number;
}

export interface Batching {
  readonly seed: number;
  readonly batchSize: number;
  /** Width of the buckets: sequences of the same bucket share batches; 50 by default. */
  readonly width?: number;
}

/** A function from an epoch's number to its batches, so that a resumed training gets the same batches as an uninterrupted one. */
export function batchesOf(samples: readonly Sample[], { seed, batchSize, width = 50 }: Batching) {
  const all = Dataset.of(samples).shuffle(seed).bucketByLength({ width, batchSize });
  return (epoch: number) => all.epoch(epoch);
}

/** The number of batches, which is the same in every epoch. */
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

/** Splits off the last `fraction` of the samples. */
export function holdOut<T>(samples: readonly T[], fraction: number): [T[], T[]] {
  const split = Math.floor(samples.length * (1 - fraction));
  return [samples.slice(0, split), samples.slice(split)];
}

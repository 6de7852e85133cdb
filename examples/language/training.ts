// Trains and applies the classifier; works in Node, in Deno and in a browser.
import type { History, Model } from '../../src/index.ts';
import type { Alphabet } from './alphabet.ts';
import { bucket, drawWindows, shuffledBatches, toBatch } from './batches.ts';
import type { WindowRange } from './batches.ts';
import type { Corpus, Sample } from './declaration.ts';
import { compileNetwork } from './network.ts';
import { randomSource } from './random.ts';

export interface Schedule {
  readonly epochs: number;
  /** Windows per epoch. */
  readonly windows: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly range: WindowRange;
  readonly seed: number;
}

/** Chosen by validation on paragraphs of the training text (indices 2 and 3 modulo 5), never on the held-out ones. */
export const hyperparameters = {
  windows: 2048,
  batchSize: 32,
  learningRate: 0.02,
  range: { shortest: 20, longest: 50 },
} as const;

/** Trains on new windows in every epoch. The held-out sentences are evaluated after each, but nothing is chosen by the result. */
export function train(
  model: Model,
  corpus: Pick<Corpus, 'paragraphs' | 'heldOut'>,
  alphabet: Alphabet,
  { epochs, windows, batchSize, learningRate, range, seed }: Schedule,
  options: { signal?: AbortSignal; verbose?: 0 | 1 | 2 } = {},
): Promise<History> {
  const random = randomSource(seed);
  const steps = Math.ceil(windows / batchSize);
  compileNetwork(model, steps * epochs, learningRate);
  const heldOut = bucket(corpus.heldOut, 64).map((group) => toBatch(group, alphabet));
  return model.fit(
    () =>
      shuffledBatches(
        drawWindows(corpus.paragraphs, windows, range, random),
        batchSize,
        alphabet,
        random,
      ),
    { ...options, epochs, stepsPerEpoch: steps, seed, validationData: () => heldOut },
  );
}

/** The logits of each sample, in the order of the samples. */
export async function classify(
  model: Model,
  samples: readonly Pick<Sample, 'text'>[],
  alphabet: Alphabet,
): Promise<Float32Array[]> {
  const numbered = samples.map(({ text }, label) => ({ text, label }));
  const logits = new Array<Float32Array>(samples.length);
  for (const group of bucket(numbered, 64)) {
    const output = await model.predict(toBatch(group, alphabet).x);
    const values = await output.data();
    const classes = output.shape[1];
    group.forEach(({ label }, row) => {
      logits[label] = Float32Array.from(values.subarray(row * classes, (row + 1) * classes));
    });
    output.dispose();
  }
  return logits;
}

/** The index of the largest value. */
export const argMax = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, value, index, all) => (value > all[best] ? index : best), 0);

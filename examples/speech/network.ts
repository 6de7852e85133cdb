// A network that hears a string of digits and, at every step, says one of them or nothing.
import { layers, losses, metrics, ops, optimizers, Random, sequential } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { Dataset } from '../../src/data/index.ts';
import { fallingAtTheEnd } from '../learning_rate.ts';
import { train } from '../training.ts';
import type { Training } from '../training.ts';
import { COEFFICIENTS, drawString } from './strings.ts';
import type { DigitString, Speaker } from './strings.ts';

export const LEARNING_RATE = 0.002;
/** Batches of an epoch. */
export const STEPS = 40;

/** Made before a checkpoint is loaded, which only names it. */
const loss = losses.ctc();

export interface NetworkOptions {
  readonly units: number;
  /** Of the labels, without the blank. */
  readonly classes: number;
  readonly seed: number;
  /** Steps of the whole training, by which the learning rate falls. */
  readonly steps: number;
}

/** MFCCs [B,T,13] → bidirectional GRU → logits [B,T,1+classes]; class 0 is the blank. Steps of zeros, after a string's end, are masked. */
export function buildNetwork({ units, classes, seed, steps }: NetworkOptions): Model {
  const network = sequential(
    [
      layers.input({ shape: [null, COEFFICIENTS], name: 'mfcc' }),
      layers.masking(),
      layers.bidirectional(layers.gru(units, { returnSequences: true })),
      layers.dense(1 + classes),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({
      learningRate: fallingAtTheEnd(LEARNING_RATE, steps),
      clipNorm: 1,
    }),
    loss,
    metrics: [metrics.labelErrorRate()],
  });
  return network;
}

const inBatches = (strings: readonly DigitString[], size: number) =>
  Dataset.of(strings).paddedBatch(size);

export type LearnOptions = Omit<NetworkOptions, 'steps'> &
  Omit<Training, 'build' | 'fit'> & { readonly batchSize: number; readonly verbose?: 0 | 1 | 2 };

/** Trains on new strings in every epoch; those of `held` are only watched, and the weights are those of the last epoch. */
export async function learn(
  speakers: readonly Speaker[],
  held: readonly DigitString[],
  { units, classes, seed, batchSize, verbose, ...training }: LearnOptions,
) {
  const strings = (epoch: number) => {
    const random = new Random(1000 * seed + epoch);
    return Array.from({ length: STEPS * batchSize }, () => drawString(speakers, random));
  };
  const watched = inBatches(held, batchSize);
  return train({
    score: ({ valLoss }) => -valLoss,
    ...training,
    build: () => buildNetwork({ units, classes, seed, steps: STEPS * training.epochs }),
    fit: (model, options) =>
      model.fit((epoch) => inBatches(strings(epoch), batchSize).epoch(0), {
        ...{ ...options, seed, verbose },
        stepsPerEpoch: STEPS,
        validationData: () => watched.epoch(0),
      }),
  });
}

/** What the network hears in strings, and the probabilities of its classes at every step. */
export async function transcribe(network: Model, strings: readonly DigitString[]) {
  const heard: { labels: number[]; probabilities: Float32Array }[] = [];
  for await (const { x } of inBatches(strings, 32)) {
    const logits = await network.predict(x);
    const first = heard.length;
    const lengths = Array.from({ length: logits.shape[0] }, (_, i) => strings[first + i].x.shape[0]); // prettier-ignore
    const { sequences } = await ops.ctcDecode(logits, { lengths });
    const probabilities = ops.softmax(logits);
    const values = Float32Array.from(await probabilities.data());
    const size = values.length / logits.shape[0];
    const classes = logits.shape[2];
    logits.dispose();
    probabilities.dispose();
    sequences.forEach((labels, i) =>
      heard.push({
        labels,
        probabilities: values.slice(i * size, i * size + lengths[i] * classes),
      }),
    );
  }
  return heard;
}

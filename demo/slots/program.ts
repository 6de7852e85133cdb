import { layers, losses, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { padSequences } from 'gatefold/text';
import { encode, sentences, tags, vocabularySize } from './sentences.ts';

export interface Settings {
  cell: 'feedForward' | 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  learningRate: number;
  seed: number;
}

/** From each word to its tag: where the flight begins, where it ends, on which day, or nothing of these. */
export function build({ cell, units, learningRate, seed }: Settings): Model {
  const name = 'memory';
  const network = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(vocabularySize, 16, { maskZero: true }),
      cell === 'feedForward'
        ? layers.dense(units, { activation: 'relu', name })
        : layers[cell](units, { returnSequences: true, name }),
      layers.dense(tags.length),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return network;
}

/** Words and tags, filled up with zeros; the mask leaves those out of the loss. */
export const padded = (some: typeof sentences) => ({
  x: padSequences(
    some.map(({ words }) => encode(words)),
    { padding: 'post' },
  ),
  y: padSequences(
    some.map((one) => one.tags.map((tag) => tags.indexOf(tag))),
    { padding: 'post' },
  ),
});

export function batch({ seed }: Settings, step: number) {
  const random = new Random(1e6 * seed + step);
  return padded(Array.from({ length: 32 }, () => sentences[random.integer(sentences.length)]));
}

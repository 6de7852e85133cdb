import { layers, losses, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { padded, sentences, tags, vocabularySize } from './sentences.ts';
import type { ProgramSettings } from './settings.ts';

/** From each word to its tag: where the flight begins, where it ends, on which day, or nothing of these. */
export function build({ cell, units, learningRate, seed }: ProgramSettings): Model {
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
export function batch({ seed }: ProgramSettings, step: number) {
  const random = new Random(1e6 * seed + step);
  return padded(Array.from({ length: 32 }, () => sentences[random.integer(sentences.length)]));
}

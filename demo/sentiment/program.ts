import { layers, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { ownReviews, padded, reviews, vocabularyOf } from './reviews.ts';
import type { ProgramSettings } from './settings.ts';

/** Words go in, one after the other; at the end the network says how likely the review is a good one. */
export function build({ cell, units, padding, lines, learningRate, seed }: ProgramSettings): Model {
  const network = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(vocabularyOf(lines).length, 16, { maskZero: padding === 'masked' }),
      layers[cell](units, { name: 'memory' }),
      layers.dense(1, { activation: 'sigmoid' }),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate }),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
  });
  return network;
}

/** Made-up reviews, and four of the reader's among them. */
export function batch(settings: ProgramSettings, step: number) {
  const random = new Random(1e6 * settings.seed + step);
  const own = ownReviews(settings.lines);
  const chosen = Array.from({ length: 32 }, (_, row) => {
    const list = row < 4 && own.length > 0 ? own : reviews;
    return list[random.integer(list.length)];
  });
  const x = padded(
    settings,
    chosen.map(({ text }) => text),
  );
  return { x, y: chosen.map(({ label }) => [label]) };
}

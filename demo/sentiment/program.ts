import { layers, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { padSequences } from 'gatefold/text';
import { encode, ownReviews, reviews, vocabularyOf } from './reviews.ts';

export interface Settings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  padding: 'masked' | 'read';
  side: 'pre' | 'post';
  /** Words of a sentence, with its padding. */
  length: number;
  /** The reader's own reviews. */
  lines: string;
  learningRate: number;
  seed: number;
}

/** Words go in, one after the other; at the end the network says how likely the review is a good one. */
export function build({ cell, units, padding, lines, learningRate, seed }: Settings): Model {
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

/** As many numbers for each sentence: zeros where there is no word. */
export function padded({ lines, length, side }: Settings, texts: readonly string[]) {
  const vocabulary = vocabularyOf(lines);
  return padSequences(
    texts.map((text) => encode(text, vocabulary)),
    { maxlen: length, padding: side },
  );
}

/** Made-up reviews, and four of the reader's among them. */
export function batch(settings: Settings, step: number) {
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

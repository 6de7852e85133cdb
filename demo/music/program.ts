import { layers, losses, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { parts, TRAINING } from './chorales.ts';
import { NOTES } from './pitches.ts';
import type { ProgramSettings } from './settings.ts';

/** From the notes so far to the next one. Before the first note stands a 0. */
export function build({ cell, units, learningRate, seed }: ProgramSettings): Model {
  const network = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(NOTES + 1, 32),
      layers[cell](units, { returnSequences: true, name: 'memory' }),
      layers.dense(NOTES + 1),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return network;
}

/** Parts of chorales, each from the beginning of a phrase on. */
export const batch = ({ seed }: ProgramSettings, step: number) =>
  parts(TRAINING, 16, new Random(seed * 1_000_000 + step));

import { input, layers, losses, model, optimizers, Random } from 'gatefold';
import type { Model } from 'gatefold';
import { samples, seen, SIZE, words } from './pictures.ts';
import type { ProgramSettings } from './settings.ts';

/** What is seen in the picture is the state that a recurrent network begins its sentence with. */
export function build({ units, learningRate, seed }: ProgramSettings): Model {
  const before = input({ shape: [null], dtype: 'int32', name: 'words' });
  const picture = input({ shape: [SIZE, SIZE, 3], name: 'picture' });
  let sight = picture;
  for (const filters of [12, 24, 48]) {
    sight = layers.conv2D(filters, 3, { padding: 'same', activation: 'relu' }).apply(sight);
    sight = layers.maxPooling2D(2).apply(sight);
  }
  const begin = layers.dense(units, { activation: 'tanh' }).apply(layers.flatten().apply(sight));
  const vectors = layers.embedding(words.all.length, 24, { maskZero: true }).apply(before);
  const states = layers
    .gru(units, { returnSequences: true, name: 'memory' })
    .apply(vectors, { initialState: [begin] });
  const outputs = layers.dense(words.all.length).apply(states);
  const network = model({ inputs: [before, picture], outputs, seed });
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return network;
}

/** New pictures at each step. */
export const batch = ({ seed }: ProgramSettings, step: number) =>
  samples(seen, 24, new Random(seed * 1_000_000 + step));

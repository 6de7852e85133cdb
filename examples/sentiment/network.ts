import { layers, optimizers, sequential } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import type { TextVectorization } from '../../src/text/index.ts';

/** The recurrent layers to compare. */
export const cells = {
  SimpleRNN: (units: number) => layers.simpleRNN(units),
  LSTM: (units: number) => layers.lstm(units),
  GRU: (units: number) => layers.gru(units),
  'bidirectional LSTM': (units: number) => layers.bidirectional(layers.lstm(units)),
};
export type Cell = keyof typeof cells;

/** Texts → Embedding(64) with a mask → recurrent layer, last state → probability that a text is positive. */
export function buildNetwork(
  vectorization: TextVectorization,
  cell: Cell,
  { seed, units = 128 }: { seed: number; units?: number },
): Model {
  const model = sequential(
    [
      vectorization,
      layers.embedding(vectorization.vocabularySize(), 64, { maskZero: true }),
      cells[cell](units),
      layers.dense(1, { activation: 'sigmoid' }),
    ],
    { seed },
  );
  model.compile({
    optimizer: optimizers.adam({ learningRate: 0.001 }),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

// The network variants, which all read the 10 000 most frequent words.
import { layers, optimizers, sequential } from '../../src/index.ts';
import type { Layer, Model, SymbolicTensor } from '../../src/index.ts';

export const WORDS = 10_000;

export interface Variant {
  readonly title: string;
  /** How many words of a review are read, from its end. */
  readonly steps: number;
  readonly batchSize: number;
  /** Reviews to train on; by default all but the held-out ones. */
  readonly reviews?: number;
  /** Whether every review is padded to `steps`; otherwise padding is masked. */
  readonly padded: boolean;
  readonly layers: () => Layer[];
}

const recurrent = (title: string, stack: () => Layer[]): Variant => ({
  ...{ title, steps: 500, batchSize: 128, padded: false },
  layers: () => [layers.embedding(WORDS, 32, { maskZero: true }), ...stack()],
});

export const variants = {
  flatten: {
    ...{ title: 'Embedding(8), Flatten', steps: 20, batchSize: 32, padded: true },
    layers: () => [layers.embedding(WORDS, 8), layers.flatten()],
  },
  simple: recurrent('SimpleRNN(32)', () => [layers.simpleRNN(32)]),
  stacked: recurrent('4 × SimpleRNN(32)', () => [
    ...[1, 2, 3].map(() => layers.simpleRNN(32, { returnSequences: true })),
    layers.simpleRNN(32),
  ]),
  lstm: recurrent('LSTM(32)', () => [layers.lstm(32)]),
} satisfies Record<string, Variant>;

/** GloVe's vectors, which are not trained, with 200 reviews. @param vectors [WORDS, dimension] */
export function gloveVariant(vectors: Float32Array): Variant {
  const table = { embeddingsInitializer: () => vectors, trainable: false };
  return {
    ...{ title: 'GloVe, frozen, 200 reviews', steps: 100, batchSize: 32, padded: true },
    reviews: 200,
    layers: () => [
      layers.embedding(WORDS, vectors.length / WORDS, table),
      layers.flatten(),
      layers.dense(32, { activation: 'relu' }),
    ],
  };
}

/** Word ids → the layers of the variant → probability of a positive review. The model is compiled. */
export function buildNetwork({ steps, padded, layers: stack }: Variant, seed: number): Model {
  const start: SymbolicTensor = layers.input({
    ...{ shape: [padded ? steps : null], dtype: 'int32', name: 'words' },
  });
  const model = sequential([start, ...stack(), layers.dense(1, { activation: 'sigmoid' })], {
    seed,
  });
  model.compile({
    optimizer: optimizers.rmsprop({ learningRate: 0.001 }),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

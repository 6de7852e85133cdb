import {
  initializers,
  layers,
  losses,
  optimizers,
  schedules,
  sequential,
} from '../../src/index.ts';
import type { Model } from '../../src/index.ts';

export const cells = { gru: layers.gru, lstm: layers.lstm, simple: layers.simpleRNN };
export type Cell = keyof typeof cells;

export interface NetworkOptions {
  /** The number of tokens, padding and the unknown character included. */
  readonly vocabulary: number;
  /** The number of languages. */
  readonly classes: number;
  readonly cell?: Cell;
  /** Length of the embedding vectors; 32 by default. */
  readonly features?: number;
  /** Units in each direction; 64 by default. */
  readonly units?: number;
  readonly seed?: number;
}

/**
 * Tokens [B,T] → Embedding → bidirectional recurrent layer, last states → logits [B,classes].
 *
 * Embedding vectors are initialised within ±0.5 instead of Keras' ±0.05: with larger inputs from the start, the network needs
 * several epochs fewer, which matters in such a short training.
 */
export function buildNetwork(options: NetworkOptions): Model {
  const { vocabulary, classes, cell = 'gru', features = 32, units = 64, seed } = options;
  return sequential(
    [
      layers.input({ shape: [null], dtype: 'int32', name: 'characters' }),
      layers.embedding(vocabulary, features, {
        maskZero: true,
        embeddingsInitializer: initializers.randomUniform({ min: -0.5, max: 0.5 }),
      }),
      layers.bidirectional(cells[cell](units)),
      layers.dense(classes, { name: 'languages' }),
    ],
    { seed },
  );
}

/** Compiles for `steps` training steps: Adam with cosine decay to 0. The high learning rate requires gradient clipping. */
export function compileNetwork(model: Model, steps: number, learningRate: number): void {
  model.compile({
    optimizer: optimizers.adam({
      clipNorm: 1,
      learningRate: schedules.cosineDecay({
        initialLearningRate: learningRate,
        decaySteps: steps,
      }),
    }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
}

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
  /** Number of tokens, padding and unknown included. */
  readonly vocabulary: number;
  /** Number of languages. */
  readonly classes: number;
  readonly cell?: Cell;
  /** Size of a character's vector. */
  readonly features?: number;
  /** Units of each direction. */
  readonly units?: number;
  readonly seed?: number;
}

/**
 * Tokens [B,T] → Embedding → a cell in both directions, of which the last states remain → logits [B,classes].
 *
 * Characters begin as vectors up to 0.5 instead of Keras' 0.05: the cell then has something to work on at once, which saves
 * several epochs of a short training.
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

/** Compiles for a training of so many steps: Adam, its rate falling to zero along a cosine. Clipping bears the high rate. */
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

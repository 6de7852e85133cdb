// An exploding gradient, with and without clipping.
import { initializers, layers, optimizers, sequential } from '../../src/index.ts';

export interface Descent {
  /** The weight before each step. */
  readonly weights: number[];
  readonly losses: number[];
  /** The error that stopped it early; null if there was none. */
  readonly error: string | null;
}

/**
 * Trains the only weight of h_t = w·h_{t-1}, h_1 = 1, towards h_T = 1, so that w should become 1. The loss (w^(T-1) - 1)² is
 * flat below w = 1 and a cliff above it (Pascanu, Mikolov and Bengio 2013, figure 6).
 *
 * @param clipNorm the norm to which gradients are clipped; undefined for no clipping
 */
export async function descend(
  clipNorm: number | undefined,
  { steps, length, from }: { steps: number; length: number; from: number },
): Promise<Descent> {
  const cell = layers.simpleRNN(1, {
    ...{ activation: 'linear', useBias: false, kernelInitializer: 'ones' },
    recurrentInitializer: initializers.constant({ value: from }),
  });
  const network = sequential([layers.input({ shape: [length, 1] }), cell]);
  const learningRate = 1e-3;
  network.compile({
    optimizer: optimizers.sgd({ learningRate, ...(clipNorm === undefined ? {} : { clipNorm }) }),
    loss: 'meanSquaredError',
  });
  const impulse = [Array.from({ length }, (_, t) => [t === 0 ? 1 : 0])];
  const [weights, losses]: number[][] = [[], []];
  try {
    for (let step = 0; step < steps; step++) {
      weights.push((await network.getWeights())[1].data[0]);
      losses.push((await network.trainOnBatch(impulse, [[1]])).loss);
    }
    return { weights, losses, error: null };
  } catch (error) {
    return { weights, losses, error: (error as Error).message };
  } finally {
    network.dispose();
  }
}

// A network that makes one vector of a word, and the word of the vector.
import { layers, losses, model, optimizers } from '../../src/index.ts';
import type { Model, SavedModel } from '../../src/index.ts';
import { Dataset } from '../../src/data/index.ts';
import { fallingAtTheEnd } from '../learning_rate.ts';
import { train } from '../training.ts';
import type { Training } from '../training.ts';
import { BANDS, FRAMES, wordOf } from './frames.ts';
import type { Frames } from './frames.ts';

export const LEARNING_RATE = 0.002;
/** Numbers of a vector. */
export const SIZE = 32;

export interface NetworkOptions {
  /** Of the encoder in each direction; the decoder has twice as many. */
  readonly units: number;
  readonly seed: number;
  /** Steps of the whole training, by which the learning rate falls. */
  readonly steps: number;
}

export interface Autoencoder {
  /** Levels [B,FRAMES,BANDS] to levels of the same shape. */
  readonly autoencoder: Model;
  /** Levels [B,FRAMES,BANDS] to vectors [B,SIZE]. */
  readonly encoder: Model;
}

/** Frames of zeros, after a word's end, are masked. The decoder sees the vector at every step and nothing else. */
export function buildNetwork({ units, seed, steps }: NetworkOptions): Autoencoder {
  const frames = layers.input({ shape: [FRAMES, BANDS], name: 'frames' });
  const heard = layers.bidirectional(layers.gru(units)).apply(layers.masking().apply(frames));
  const vector = layers.dense(SIZE, { name: 'vector' }).apply(heard);
  const repeated = layers.repeatVector(FRAMES).apply(vector);
  const spoken = layers.gru(2 * units, { returnSequences: true }).apply(repeated);
  const outputs = layers.dense(BANDS).apply(spoken);
  const autoencoder = model({ inputs: frames, outputs, seed });
  autoencoder.compile({
    optimizer: optimizers.adam({
      learningRate: fallingAtTheEnd(LEARNING_RATE, steps),
      clipNorm: 1,
    }),
    // Frames of padding have the weight 0, and the mean is over the others.
    loss: losses.meanSquaredError({ reduction: 'meanWithSampleWeight' }),
  });
  return { autoencoder, encoder: model({ inputs: frames, outputs: vector, seed }) };
}

const BATCH_SIZE = 32;

function batchesOf(frames: Frames, seed: number) {
  const samples = frames.lengths.map((length, i) => {
    const x = new Float32Array(FRAMES * BANDS);
    x.set(wordOf(frames, i).data);
    const sampleWeight = Float32Array.from({ length: FRAMES }, (_, t) => Number(t < length));
    const word = { data: x, shape: [FRAMES, BANDS] };
    return { x: word, y: word, sampleWeight };
  });
  return Dataset.of(samples).shuffle(seed).batch(BATCH_SIZE);
}

export type LearnOptions = Omit<NetworkOptions, 'steps'> &
  Omit<Training, 'build' | 'fit'> & { readonly verbose?: 0 | 1 | 2 };

/** Trains on `frames`; the error on `held` is only watched, and the weights are those of the last epoch. */
export async function learn(
  frames: Frames,
  held: Frames,
  { units, seed, verbose, ...training }: LearnOptions,
) {
  const epochSteps = Math.ceil(frames.lengths.length / BATCH_SIZE);
  const options = { units, seed, steps: epochSteps * training.epochs };
  const batches = batchesOf(frames, seed);
  const watched = batchesOf(held, seed);
  const { model: trained, logs } = await train({
    score: ({ valLoss }) => -valLoss,
    ...training,
    build: () => buildNetwork(options).autoencoder,
    fit: (one, fitting) =>
      one.fit((epoch) => batches.epoch(epoch), {
        ...{ ...fitting, seed, verbose },
        stepsPerEpoch: epochSteps,
        validationData: () => watched.epoch(0),
      }),
  });
  return { ...(await withWeights(options, await trained.save())), logs };
}

/** The two models of a trained autoencoder. */
async function withWeights(options: NetworkOptions, saved: SavedModel): Promise<Autoencoder> {
  const built = buildNetwork(options);
  await built.autoencoder.loadWeights(saved);
  return built;
}

/** What a model makes of words, one array a word. */
export async function outputsOf(network: Model, { data, shape }: Frames): Promise<Float32Array[]> {
  const output = await network.predict({ data, shape }, { batchSize: 128 });
  const values = Float32Array.from(await output.data());
  output.dispose();
  const size = values.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) => values.slice(i * size, (i + 1) * size));
}

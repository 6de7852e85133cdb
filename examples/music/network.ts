// A network that predicts the next frame of a piano roll, key by key.
import { layers, loadModel, losses, optimizers, sequential } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { Dataset } from '../../src/data/index.ts';
import { stepsOf } from '../imdb/batches.ts';
import { fallingAtTheEnd } from '../learning_rate.ts';
import { train } from '../training.ts';
import type { Training } from '../training.ts';
import { KEYS, rollOf } from './chorales.ts';
import type { Chorales, Piece } from './chorales.ts';

export const LEARNING_RATE = 0.003;

export interface NetworkOptions {
  /** Steps of the whole training, by which the learning rate falls. */
  readonly steps: number;
  readonly units: number;
  readonly seed: number;
}

/** The frame before [B,T,88] → LSTM → logits of every key in the frame that follows [B,T,88]. */
export function buildNetwork({ units, seed, steps }: NetworkOptions): Model {
  const network = sequential(
    [
      layers.input({ shape: [null, KEYS], name: 'before' }),
      layers.lstm(units, { returnSequences: true }),
      layers.dropout(0.5),
      layers.dense(KEYS),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({
      learningRate: fallingAtTheEnd(LEARNING_RATE, steps),
      clipNorm: 1,
    }),
    // Frames of padding have the weight 0, and the mean is over the others.
    loss: losses.binaryCrossentropy({ fromLogits: true, reduction: 'meanWithSampleWeight' }),
  });
  return network;
}

/** Pieces of similar length share batches. */
const BUCKETS = { width: 24, batchSize: 16 };

/** Batches of whole pieces of similar length. The frame before the first one is silent. */
function batchesOf(pieces: readonly Piece[], seed: number) {
  const samples = pieces.map((piece) => {
    const y = rollOf(piece);
    const x = new Float32Array(y.length);
    x.set(y.subarray(0, y.length - KEYS), KEYS);
    const shape = [piece.length, KEYS];
    const sampleWeight = new Float32Array(piece.length).fill(1);
    return { x: { data: x, shape }, y: { data: y, shape }, sampleWeight };
  });
  return Dataset.of(samples).shuffle(seed).bucketByLength(BUCKETS);
}

export type LearnOptions = Omit<NetworkOptions, 'steps'> &
  Omit<Training, 'build' | 'fit'> & { readonly verbose?: 0 | 1 | 2 };

/** Trains; `best` is the network of the epoch with the lowest loss on the validation pieces. */
export async function learn(
  { train: pieces, valid }: Pick<Chorales, 'train' | 'valid'>,
  { units, seed, verbose, ...training }: LearnOptions,
) {
  const epochSteps = stepsOf(
    pieces.map((x) => ({ x })),
    BUCKETS,
  );
  const [batches, held] = [batchesOf(pieces, seed), batchesOf(valid, seed)];
  const { logs, best } = await train({
    score: ({ valLoss }) => -valLoss,
    ...training,
    build: () => buildNetwork({ units, seed, steps: epochSteps * training.epochs }),
    fit: (model, options) =>
      model.fit((epoch) => batches.epoch(epoch), {
        ...{ ...options, seed, verbose },
        stepsPerEpoch: epochSteps,
        validationData: () => held.epoch(0),
      }),
  });
  return { network: await loadModel(best.saved), logs, epoch: best.epoch };
}

/** The mean negative log-likelihood of a frame in nats, the first frames of pieces included. */
export async function natsOn(network: Model, pieces: readonly Piece[]): Promise<number> {
  const { loss } = await network.evaluate(() => batchesOf(pieces, 0).epoch(0));
  // The loss is the mean over the keys.
  return KEYS * loss;
}

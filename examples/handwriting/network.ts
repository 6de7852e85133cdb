// A network that says where the pen goes next, as a mixture of Gaussians (Graves 2013).
import { layers, losses, optimizers, Random, sequential } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { fallingAtTheEnd } from '../learning_rate.ts';
import { train } from '../training.ts';
import type { Trained, Training } from '../training.ts';
import { batchesOf, shuffledBatches } from './batches.ts';
import type { Drawing, Drawings } from './drawings.ts';

export interface Plan {
  readonly units: number;
  /** Gaussians of the mixture. */
  readonly components: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly learningRate: number;
}

/** On the made-up numbers: a minute. */
export const shortPlan: Plan = { units: 128, components: 20, batchSize: 64, epochs: 16, learningRate: 0.005 }; // prettier-ignore
/** On the kanji: 10 000 drawings. */
export const fullPlan: Plan = { units: 256, components: 20, batchSize: 128, epochs: 24, learningRate: 0.003 }; // prettier-ignore

export interface LearnOptions
  extends Pick<Training, 'store' | 'resume' | 'settings' | 'estimate'>, Plan {
  /** What offsets are divided by, in units of the grid. */
  readonly scale: number;
  readonly seed: number;
}

/** Trains, and returns the network as it was after its best epoch on the validation drawings. */
export async function learn(
  { train: drawings, valid }: Drawings,
  { units, components, batchSize, learningRate, scale, seed, ...training }: LearnOptions,
): Promise<Trained> {
  const stepsPerEpoch = Math.ceil(drawings.length / batchSize);
  const steps = stepsPerEpoch * training.epochs;
  const heldOut = batchesOf(valid, batchSize, scale);
  const trained = await train({
    ...training,
    score: ({ valLoss }) => -valLoss,
    build() {
      const model = sequential(
        [
          layers.input({ shape: [null, 3] }),
          layers.lstm(units, { returnSequences: true }),
          layers.dense(6 * components + 1),
        ],
        { seed },
      );
      model.compile({
        optimizer: optimizers.adam({
          learningRate: fallingAtTheEnd(learningRate, steps),
          globalClipNorm: 1,
        }),
        // Offsets repeat exactly on the grid: a deviation below its unit would say more than the data do.
        loss: losses.mixtureDensity({ minScale: 1 / scale, reduction: 'meanWithSampleWeight' }),
      });
      return model;
    },
    fit: (model, options) =>
      model.fit(
        (epoch: number) => shuffledBatches(drawings, batchSize, scale, new Random(1000 * seed + epoch)), // prettier-ignore
        { ...options, seed, stepsPerEpoch, validationData: () => heldOut },
      ),
  });
  await trained.model.loadWeights(trained.best.saved);
  return trained;
}

/** Nats a point: of densities of offsets divided by `scale`, and of the lifts of the pen. */
export async function natsOn(
  model: Model,
  drawings: readonly Drawing[],
  batchSize: number,
  scale: number,
): Promise<number> {
  let [nats, points] = [0, 0];
  for (const [x, y, sampleWeight] of batchesOf(drawings, batchSize, scale)) {
    const count = sampleWeight.data.reduce((sum, weight) => sum + weight, 0);
    const [batchOf] = x.shape;
    const { loss } = await model.evaluate(x, y, { sampleWeight, batchSize: batchOf, verbose: 0 });
    nats += loss * count;
    points += count;
  }
  return nats / points;
}

// Trains small networks to say what may come next.
import { layers, losses, optimizers, schedules, sequential } from '../../src/index.ts';
import { traceModel } from '../../src/trace/index.ts';
import type { Model } from '../../src/index.ts';
import { correlation } from '../neuron/units.ts';
import { train } from '../training.ts';
import type { Trained, Training } from '../training.ts';
import { batchOf } from './batches.ts';
import type { Language } from './languages.ts';

/** Hard sigmoids can be 0 and 1: a gate that is almost open forgets a little at each step, and in long words too much. */
const gates = {
  recurrentActivation: 'hardSigmoid',
  returnSequences: true,
  name: 'memory',
} as const;
const cells = {
  LSTM: (units: number) => layers.lstm(units, gates),
  GRU: (units: number) => layers.gru(units, gates),
  SimpleRNN: (units: number) => layers.simpleRNN(units, { returnSequences: true, name: 'memory' }),
};
export type CellName = keyof typeof cells;
export const CELLS = Object.keys(cells) as CellName[];

export interface LearnOptions extends Omit<Training, 'build' | 'fit' | 'score'> {
  readonly units: number;
  readonly stepsPerEpoch: number;
  readonly learningRate: number;
  readonly seed: number;
}

/** Trains a network; its best epoch is the one with the least loss on the validation words. */
export async function learn(
  cell: CellName,
  { train: wordsOf, valid }: Language,
  { units, stepsPerEpoch, learningRate, seed, ...training }: LearnOptions,
): Promise<Trained> {
  const heldOut = batchOf(valid);
  const steps = stepsPerEpoch * training.epochs;
  const trained = await train({
    ...training,
    score: ({ valLoss }) => -valLoss,
    build() {
      const model = sequential(
        [layers.input({ shape: [null, 3] }), cells[cell](units), layers.dense(3)],
        { seed },
      );
      model.compile({
        optimizer: optimizers.adam({
          learningRate: schedules.cosineDecay({
            initialLearningRate: learningRate,
            decaySteps: steps,
          }),
          globalClipNorm: 1,
        }),
        loss: losses.binaryCrossentropy({ fromLogits: true, reduction: 'meanWithSampleWeight' }),
      });
      return model;
    },
    fit: (model, options) =>
      model.fit(
        (epoch: number) =>
          Array.from({ length: stepsPerEpoch }, (_, step) =>
            batchOf(wordsOf(epoch * stepsPerEpoch + step)),
          ),
        { ...options, seed, verbose: 0, validationData: () => [heldOut] },
      ),
  });
  await trained.model.loadWeights(trained.best.saved);
  return trained;
}

export interface Counter {
  readonly unit: number;
  /** With what the word counts. */
  readonly correlation: number;
  /** After the start and after each symbol, of the sign with which it rises with the count. */
  readonly values: readonly number[];
  readonly count: readonly number[];
}

/** The unit whose state (of an LSTM, c) is most strongly correlated with what is counted in the word that counts to n. */
export async function counterOf(model: Model, language: Language, n: number): Promise<Counter> {
  const word = language.wordOf(n);
  const { states } = await traceModel(model, 'memory', batchOf([word])[0]);
  const { data, shape } = states.c ?? states.h;
  const [, steps, units] = shape;
  const found = Array.from({ length: units }, (_, unit) => {
    const values = Array.from({ length: steps }, (__, t) => data[t * units + unit]);
    const r = correlation(values, word.count);
    const sign = r < 0 ? -1 : 1;
    return { unit, correlation: sign * r, values: values.map((value) => sign * value) };
  });
  const best = found.reduce((one, other) => (other.correlation > one.correlation ? other : one));
  return { ...best, count: word.count };
}

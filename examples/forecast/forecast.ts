// Trains on the first part of a series, calibrates intervals on the second, and forecasts the third.
import { layers, optimizers, sequential } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import type { Curves } from '../plots/index.ts';
import { historyOf, train } from '../training.ts';
import type { Training } from '../training.ts';
import { scaleOf, windowsOf } from './windows.ts';
import type { Task, Windows } from './windows.ts';

export interface ForecastOptions extends Task, Omit<Training, 'build' | 'fit'> {
  /** The period of the series in steps, for a naive forecast (365 for days of a year); null for none. */
  readonly period: number | null;
  readonly seed: number;
  /** The share of true values that the intervals should contain. */
  readonly confidence: number;
  readonly verbose?: 0 | 1 | 2;
}

export interface Forecast {
  /** The last step that each sample of the test part sees. */
  readonly origins: readonly number[];
  /** The forecasts [samples][horizon], in the unit of the series. */
  readonly answers: readonly number[][];
  /** Half the width of the interval for each step ahead. */
  readonly margins: readonly number[];
  /** Mean absolute error for each step ahead. */
  readonly errors: readonly number[];
  /** The errors of naive forecasts, by their names. */
  readonly naive: Readonly<Record<string, readonly number[]>>;
  /** For each step ahead, the share of true values within the intervals. */
  readonly coverage: readonly number[];
  /** The coverage asked for. */
  readonly confidence: number;
  readonly history: Curves;
}

/** The ends of the first two parts, in the order of time: 60 % training, 20 % calibration of the intervals, 20 % test. */
export const partsOf = (length: number): [number, number] => [
  Math.floor(length * 0.6),
  Math.floor(length * 0.8),
];

export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A bound that a new value stays below with probability `share`, by split conformal prediction. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length + 1) * share) - 1)];
}

function buildNetwork({ window, horizon }: Task, seed: number): Model {
  const network = sequential(
    [
      layers.input({ shape: [window, 1] }),
      layers.lstm(32),
      // Initially it predicts no change.
      layers.dense(horizon, { kernelInitializer: 'zeros' }),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate: 0.003 }),
    loss: 'meanAbsoluteError',
  });
  return network;
}

export async function forecast(
  values: readonly number[],
  { window, horizon, period, seed, confidence, verbose, ...options }: ForecastOptions,
): Promise<Forecast> {
  const [trained, calibrated] = partsOf(values.length);
  const task = { window, horizon };
  const scale = scaleOf(values.slice(0, trained));
  const part = (begin: number, end: number) => windowsOf(values, [begin, end], scale, task);
  const training = part(0, trained);
  const calibration = part(trained, calibrated);
  const test = part(calibrated, values.length);
  for (const { origins } of [training, calibration, test])
    if (origins.length === 0)
      throw new Error(
        `a series of ${values.length} steps is too short for windows of ${window} and ${horizon} steps ahead`,
      );
  const known = test.origins[0] + 1;
  if (period !== null && period > known)
    throw new Error(
      `expected a period of at most ${known} steps, as many as come before the test part, got ${period}; ` +
        'pass a shorter --period',
    );

  const { model: network, logs } = await train({
    score: ({ valLoss }) => -valLoss,
    ...options,
    build: () => buildNetwork(task, seed),
    fit: (model, fitting) =>
      model.fit(training.x as number[][][], training.y as number[][], {
        ...{ ...fitting, batchSize: 32, verbose },
        validationData: [calibration.x, calibration.y],
      }),
  });
  const predict = async ({ x, origins }: Windows) => {
    const output = await network.predict(x, { batchSize: 256 });
    const changes = (await output.array()) as number[][];
    output.dispose();
    return changes.map((row, i) =>
      row.map((change) => values[origins[i]] + change * scale.deviation),
    );
  };
  const steps = Array.from({ length: horizon }, (_, step) => step);
  const misses = ({ origins }: Windows, answer: (i: number, step: number) => number) =>
    steps.map((step) =>
      origins.map((origin, i) => Math.abs(answer(i, step) - values[origin + 1 + step])),
    );

  const before = await predict(calibration);
  const margins = misses(calibration, (i, step) => before[i][step]).map((errors) =>
    quantile(errors, confidence),
  );
  const answers = await predict(test);
  network.dispose();
  const own = misses(test, (i, step) => answers[i][step]);
  const { origins } = test;
  const naive: Record<string, number[]> = {
    'as now': misses(test, (i) => values[origins[i]]).map(mean),
  };
  if (period !== null)
    naive[`as ${period} before`] = misses(
      test,
      (i, step) => values[origins[i] + 1 + step - period * Math.ceil((step + 1) / period)],
    ).map(mean);
  return {
    ...{ origins, answers, margins, naive, confidence, history: historyOf(logs) },
    errors: own.map(mean),
    coverage: own.map((errors, step) =>
      mean(errors.map((error) => Number(error <= margins[step]))),
    ),
  };
}

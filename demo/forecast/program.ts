import { layers, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { partsOf } from './series.ts';

export interface Settings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  /** Steps that it sees, and steps ahead. */
  window: number;
  horizon: number;
  /** What it trains on of the series, in percent. */
  cut: number;
  series: string;
  learningRate: number;
  seed: number;
}

/** From the last steps to how much each of the next ones will differ from now. It begins with: not at all. */
export function build({ cell, units, window, horizon, learningRate, seed }: Settings): Model {
  const network = sequential(
    [
      layers.input({ shape: [window, 1] }),
      layers[cell](units, { name: 'memory' }),
      layers.dense(horizon, { kernelInitializer: 'zeros' }),
    ],
    { seed },
  );
  network.compile({ optimizer: optimizers.adam({ learningRate }), loss: 'meanAbsoluteError' });
  return network;
}

/** Windows from anywhere before the cut; a deviation is the unit of their numbers. */
export function batch(settings: Settings, step: number) {
  const { training } = partsOf(settings);
  const random = new Random(1e6 * settings.seed + step);
  const rows = Array.from({ length: 32 }, () => random.integer(training.x.length));
  return { x: rows.map((row) => training.x[row]), y: rows.map((row) => training.y[row]) };
}

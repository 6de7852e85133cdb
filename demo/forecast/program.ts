import { layers, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { partsOf } from './series.ts';
import type { ProgramSettings } from './settings.ts';

/** From the last steps to how much each of the next ones will differ from now. It begins with: not at all. */
export function build({
  cell,
  units,
  window,
  horizon,
  learningRate,
  seed,
}: ProgramSettings): Model {
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
export function batch(settings: ProgramSettings, step: number) {
  const { training } = partsOf(settings);
  const random = new Random(1e6 * settings.seed + step);
  const rows = Array.from({ length: 32 }, () => random.integer(training.x.length));
  return { x: rows.map((row) => training.x[row]), y: rows.map((row) => training.y[row]) };
}

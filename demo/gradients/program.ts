import { initializers, layers, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import type { ProgramSettings } from './settings.ts';

/** Numbers come in; at the end the network must say the first of them, so that the gradient has to reach all the way back. */
export function build({ cell, units, gain, clip, learningRate, seed }: ProgramSettings): Model {
  const network = sequential(
    [
      layers.input({ shape: [null, 1] }),
      layers[cell](units, {
        recurrentInitializer: initializers.orthogonal({ gain }),
        name: 'memory',
      }),
      layers.dense(1),
    ],
    { seed },
  );
  const clipping = clip > 0 ? { clipNorm: clip } : {};
  network.compile({
    optimizer: optimizers.sgd({ learningRate, ...clipping }),
    loss: 'meanSquaredError',
  });
  return network;
}

export function batch({ time, seed }: ProgramSettings, step: number, rows = 32) {
  const random = new Random(1e6 * seed + step);
  const x = Array.from({ length: rows }, () =>
    Array.from({ length: time }, () => [random.uniform(-1, 1)]),
  );
  return { x, y: x.map(([first]) => first) };
}

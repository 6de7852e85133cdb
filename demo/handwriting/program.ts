import { layers, losses, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import type { ProgramSettings } from './settings.ts';
import { DRAWINGS, points, SCALE } from './strokes.ts';

/** Of a mixture. */
export const GAUSSIANS = 10;
/** Offsets stand on a grid: no Gaussian is narrower than its unit. */
export const minScale = 1 / SCALE;

/** From where the pen went to where it may go next: a mixture of Gaussians (Graves 2013). */
export function build({ cell, units, learningRate, seed }: ProgramSettings): Model {
  const network = sequential(
    [
      layers.input({ shape: [null, 3] }),
      layers[cell](units, { returnSequences: true, name: 'memory' }),
      layers.dense(6 * GAUSSIANS + 1),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: losses.mixtureDensity({ minScale }),
  });
  return network;
}

/** Each point and the one after it. */
export function batch({ seed }: ProgramSettings, step: number) {
  const random = new Random(seed * 1_000_000 + step);
  return points(Array.from({ length: 32 }, () => DRAWINGS[random.integer(DRAWINGS.length)]));
}

import { layers, optimizers, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import type { ProgramSettings } from './settings.ts';

/** A sine comes in, the cosine is to come out. One point does not tell it: the network must remember those before. */
export function build({ cell, units, carry, learningRate, seed }: ProgramSettings): Model {
  const network = sequential(
    [
      layers.input({ batchShape: [1, null, 1] }),
      layers[cell](units, { returnSequences: true, stateful: carry, name: 'memory' }),
      layers.dense(1),
    ],
    { seed },
  );
  network.compile({ optimizer: optimizers.adam({ learningRate }), loss: 'meanSquaredError' });
  return network;
}

/** The waves go on where the last batch ended. */
export function batch({ time }: ProgramSettings, step: number) {
  const angles = Array.from({ length: time }, (_, t) => ((step * time + t) * Math.PI) / 10);
  return {
    x: [angles.map((angle) => [Math.sin(angle)])],
    y: [angles.map((angle) => [Math.cos(angle)])],
  };
}

import { input, layers, model, optimizers, Random } from 'gatefold';
import type { Model } from 'gatefold';
import { training } from './example.ts';
import type { ProgramSettings } from './settings.ts';

/** The output for a sample is the sample itself and a weighted sum of units (Wright, Damskägg, Juvela and Välimäki 2020). */
export function build({ cell, units, learningRate, seed }: ProgramSettings): Model {
  const sound = input({ shape: [null, 1], name: 'sound' });
  const h = layers[cell](units, { returnSequences: true, name: 'memory' }).apply(sound);
  const outputs = layers.add().apply([layers.dense(1).apply(h), sound]);
  const network = model({ inputs: sound, outputs, seed });
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: 'meanSquaredError',
  });
  return network;
}

/** Rows of so many samples, each from somewhere in a sound and in what the amplifier made of it. */
export function rowsOf(starts: readonly number[], length: number, { dry, wet } = training()) {
  const cut = (sound: Float32Array) => {
    const data = new Float32Array(starts.length * length);
    starts.forEach((start, row) => data.set(sound.subarray(start, start + length), row * length));
    return { data, shape: [starts.length, length, 1] };
  };
  return { x: cut(dry), y: cut(wet) };
}

const [ROWS, LENGTH] = [32, 256];

export function batch({ seed }: ProgramSettings, step: number) {
  const random = new Random(seed * 1_000_000 + step);
  const most = training().dry.length - LENGTH;
  const starts = Array.from({ length: ROWS }, () => random.integer(most));
  return rowsOf(starts, LENGTH);
}

/** Layers over a sequence that goes on: in streams, and from batch to batch, held against what they predict for the whole of it. */
import type { Device } from '../../src/backend.ts';
import type { Layer } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import { expectClose } from '../support/check.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const [ROWS, TIME, FEATURES] = [3, 9, 2];
const sequences: Host = floats([ROWS, TIME, FEATURES], 3);

/** Of a row the steps from `begin` to `end`, of nine. */
export const steps = (row: number, begin: number, end: number): Host => ({
  shape: [1, end - begin, FEATURES],
  data: sequences.data.slice((row * TIME + begin) * FEATURES, (row * TIME + end) * FEATURES),
});

/** A model of the layer with two outputs, for these sequences. */
export const sequenceModel = (device: Device, layer: Layer): Model =>
  sequential([layers.input({ shape: [null, FEATURES] }), layer, layers.dense(2)], {
    device,
    seed: 5,
  });

export async function predicted(model: Model, x: Host): Promise<Float32Array> {
  const output = await model.predict(x);
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values;
}

/** Two slots that pause, take chunks, and start anew: they give what the model predicts for their steps so far. */
export async function expectStreamed(model: Model): Promise<void> {
  const stream = model.stream({ streams: 2 });
  const past: [number, number][] = [
    [0, 0],
    [1, 0],
  ];
  const go = async (slots: number[], chunk: number): Promise<void> => {
    const x = new Float32Array(2 * chunk * FEATURES);
    for (const slot of slots) {
      const [row, done] = past[slot];
      x.set(steps(row, done, done + chunk).data, slot * chunk * FEATURES);
      past[slot] = [row, done + chunk];
    }
    const shape = chunk === 1 ? [2, FEATURES] : [2, chunk, FEATURES];
    const values = await stream.step({ data: x, shape }, { slots });
    for (const slot of slots) {
      const [row, done] = past[slot];
      const expected = await predicted(model, steps(row, 0, done));
      expectClose(values.subarray(2 * slot, 2 * slot + 2), expected, `slot ${slot}, ${done}`);
    }
  };
  await go([0, 1], 1);
  await go([0], 1);
  await go([0], 3);
  await go([1], 2);
  await go([0, 1], 1);
  stream.reset(1);
  past[1] = [2, 0];
  await go([0, 1], 1);
  await go([1], 2);
  await go([0, 1], 1);
  stream.dispose();
}

/** A model of a stateful layer, given a sequence in parts, predicts what the same model without gives for its steps so far. */
export async function expectCarried(parts: Model, whole: Model): Promise<void> {
  for (const [begin, end] of [
    [0, 4],
    [4, 5],
    [5, TIME],
  ])
    expectClose(
      await predicted(parts, steps(0, begin, end)),
      await predicted(whole, steps(0, 0, end)),
      `steps ${begin} to ${end}`,
    );
}

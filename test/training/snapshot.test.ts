/** Saving while training goes on: the file is what the model was at one moment. Runs in Chromium, Node and Deno. */
import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/formats/decode_safetensors.ts';
import type { SavedModel } from '../../src/formats/download.ts';
import * as layers from '../../src/layers/index.ts';
import { loadModel } from '../../src/model/load.ts';
import { sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import { allDevices } from '../support/devices.ts';
import { classifier, slotsOf, task, weightsOf } from './support.ts';

const silent = { verbose: 0 } as const;

/** What a file says: its counters, its learning rate, and all of its numbers. */
function contentsOf({ weights, json }: SavedModel) {
  const { tensors, metadata } = decodeSafetensors(weights);
  expect(metadata['model.json']).toBe(json);
  const { learningRate } = JSON.parse(json).compile.optimizer;
  const numbers = [...tensors.values()].map(({ data }) => Array.from(data));
  return {
    step: Number(metadata.iterations),
    epoch: Number(metadata.epoch),
    learningRate,
    numbers,
  };
}

describe.each(allDevices)('a save while fit runs on %s', (_, deviceOf) => {
  it('has the weights, slots, counters and learning rate of one step', async () => {
    const device = await deviceOf();
    const { x, y } = task(24);
    const options = { ...silent, batchSize: 8, epochs: 4, seed: 3, readEvery: 5 };
    const rateAt = (step: number): number => 0.01 / (1 + step);
    const slower = (model: Model) => {
      model.optimizer.learningRate = rateAt(model.optimizer.iterations);
    };
    const plain = classifier(device, { dropout: 0.3 });
    const expected: ReturnType<typeof contentsOf>[] = [];
    let epoch = 0;
    await plain.fit(x, y, {
      ...options,
      callbacks: [
        {
          async onBatchEnd() {
            slower(plain);
            const step = plain.optimizer.iterations;
            const numbers = [...(await weightsOf(plain)), ...(await slotsOf(plain))];
            expected.push({ step, epoch, learningRate: rateAt(step), numbers });
          },
          onEpochEnd: () => void epoch++,
        },
      ],
    });
    const model = classifier(device, { dropout: 0.3 });
    const saves: Promise<SavedModel>[] = [];
    await model.fit(x, y, {
      ...options,
      callbacks: [
        {
          onBatchEnd() {
            slower(model);
            saves.push(model.save());
          },
        },
      ],
    });
    expect((await Promise.all(saves)).map(contentsOf)).toEqual(expected);
    plain.dispose();
    model.dispose();
  });

  it('says how many steps the weights have taken where a later one failed', async () => {
    const device = await deviceOf();
    const model = sequential([layers.input({ shape: [2] }), layers.dense(1)], { device, seed: 1 });
    model.compile({ optimizer: 'adam', loss: 'mse' });
    const x = Array.from({ length: 8 }, (_, i) => [i === 3 ? NaN : 1, i]);
    const saves: Promise<SavedModel>[] = [];
    const training = model.fit(x, [1, 2, 3, 4, 5, 6, 7, 8], {
      ...{ ...silent, batchSize: 1, shuffle: false, readEvery: 100 },
      callbacks: [{ onBatchEnd: () => void saves.push(model.save()) }],
    });
    await expect(training).rejects.toThrow(/not finite in step 4/);
    const found = (await Promise.all([...saves, model.save()])).map(contentsOf);
    expect(found.map(({ step }) => step)).toEqual([1, 2, 3, 3, 3, 3, 3, 3, 3]);
    for (const { numbers } of found.slice(3)) expect(numbers).toEqual(found[2].numbers);
    model.dispose();
  });

  it('goes on from there', async () => {
    const device = await deviceOf();
    const { x, y } = task(24);
    const options = { ...silent, batchSize: 8, epochs: 4, seed: 3 };
    const model = classifier(device, { dropout: 0.3 });
    const saves: Promise<SavedModel>[] = [];
    const save = { onEpochEnd: () => void saves.push(model.save()) };
    const whole = await model.fit(x, y, { ...options, callbacks: [save] });
    const loaded = await loadModel(await saves[1], { device });
    expect(loaded.epoch).toBe(2);
    const { history } = await loaded.fit(x, y, { ...options, initialEpoch: 2 });
    expect(history.loss).toEqual(whole.history.loss.slice(2));
    model.dispose();
    loaded.dispose();
  });
});

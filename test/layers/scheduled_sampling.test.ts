/** Scheduled sampling: which ids are replaced, by what and how often; and a decoder that learns with it. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import { Network } from '../../src/layers/network.ts';
import { sparseCategoricalCrossentropy } from '../../src/losses/index.ts';
import { model as graph } from '../../src/model/create.ts';
import { adam } from '../../src/optimizers/index.ts';
import { setDevice } from '../../src/tensor.ts';
import { allDevices, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import { run } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;
const [B, T, V] = [40, 25, 6];
const ids = integers([B, T], 1, 1, V);
ids.data.fill(0, T - 3, T);
const predictions = floats([B, T, V], 2);
/** What is likeliest at the step before. */
const said = Array.from({ length: B * T }, (_, i) => {
  if (i % T === 0) return ids.data[i];
  const row = [...predictions.data.slice((i - 1) * V, i * V)];
  return row.indexOf(Math.max(...row));
});

describe.each(allDevices)('scheduled sampling on %s', (_, open) => {
  it('replaces the share of the ids that it says, by what was predicted', async () => {
    const device = await open();
    const starts = [input({ shape: [T], dtype: 'int32' }), input({ shape: [T, V] })];
    const mixed = async (rate: number, training: boolean, step: number, rampSteps = 0) => {
      const outputs = layers.scheduledSampling(rate, { rampSteps, seed: 3 }).apply(starts);
      const network = new Network({ inputs: starts, outputs, device });
      const found = await run(network, device, [ids, predictions], { training, step });
      return (found.outputs[0] as number[][]).flat();
    };
    expect(await mixed(0.5, false, 4)).toEqual([...ids.data]);
    expect(await mixed(0, true, 4)).toEqual([...ids.data]);
    expect(await mixed(0.5, true, 0, 10)).toEqual([...ids.data]);
    const half = await mixed(0.5, true, 4);
    const differ = said.map((own, i) => own !== ids.data[i] && ids.data[i] !== 0);
    const places = half.flatMap((_, i) => (differ[i] ? [i] : []));
    const replaced = places.filter((i) => half[i] === said[i]).length;
    half.forEach((id, i) => expect([ids.data[i], differ[i] ? said[i] : ids.data[i]]).toContain(id));
    // Within four standard deviations.
    const off = (share: number, count: number) =>
      Math.abs(count - share * places.length) / Math.sqrt(share * (1 - share) * places.length);
    expect(off(0.5, replaced)).toBeLessThan(4);
    const quarter = await mixed(0.5, true, 5, 10);
    expect(off(0.25, places.filter((i) => quarter[i] === said[i]).length)).toBeLessThan(4);
    expect(await mixed(0.5, true, 4)).toEqual(half);
    expect(await mixed(0.5, true, 5)).not.toEqual(half);
  });
});

describe('a decoder with scheduled sampling', () => {
  it('learns, with its weights shared by both passes', async () => {
    const target = input({ shape: [null], dtype: 'int32' });
    const shared = [
      layers.embedding(V, 8),
      layers.gru(8, { returnSequences: true }),
      layers.dense(V),
    ];
    const decode = (x: SymbolicTensor) => shared.reduce((y, layer) => layer.apply(y), x);
    const seen = layers.scheduledSampling(0.3).apply([target, decode(target)]);
    const model = graph({ inputs: target, outputs: decode(seen), device: reference, seed: 1 });
    expect(model.weights).toHaveLength(6);
    model.compile({
      optimizer: adam({ learningRate: 0.02 }),
      loss: sparseCategoricalCrossentropy({ fromLogits: true }),
    });
    // Each number is followed by the next one.
    const x = integers([16, 8], 5, 0, V);
    for (let i = 0; i < x.data.length; i++) if (i % 8) x.data[i] = (x.data[i - 1] + 1) % V;
    const y = { shape: x.shape, data: x.data.map((id) => (id + 1) % V) };
    const losses: number[] = [];
    for (let step = 0; step < 40; step++) losses.push((await model.trainOnBatch(x, y)).loss);
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]);
  });

  it('says what it needs', () => {
    const target = input({ shape: [null], dtype: 'int32' });
    expect(() => layers.scheduledSampling(1)).toThrow(
      'scheduled_sampling: expected rate to be a number from 0 to below 1, got 1',
    );
    expect(() => layers.scheduledSampling(0.5).apply([target, target])).toThrow(
      /expected inputs \[ids, predictions\], .* got int32\[null,null\], int32\[null,null\]/,
    );
    expect(() => layers.scheduledSampling(0.5, { rampSteps: -1 })).toThrow(
      /expected rampSteps to be a whole number from 0 on/,
    );
  });
});

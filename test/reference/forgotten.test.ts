/** What is freed of tensors by themselves, by `using` and by the garbage collector; and nothing twice. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { backward } from '../../src/backward.ts';
import { cpu } from '../../src/cpu/device.ts';
import * as layers from '../../src/layers/index.ts';
import { model, sequential } from '../../src/model/create.ts';
import { add, mul, reshape, sum } from '../../src/ops/index.ts';
import { scope, tensor } from '../../src/tensor.ts';
import { variable } from '../../src/variable.ts';
import type { Tensor } from '../../src/tensor.ts';
import { wasm } from '../../src/wasm/load.ts';
import { webgpu } from '../../src/webgpu/load.ts';
import { testedDevices } from '../support/devices.ts';
import { collectGarbage } from '../support/garbage.ts';

const OPEN: Record<string, () => Promise<Device>> = { webgpu, wasm };
/** New ones, which nothing else has tensors on. */
const devices = [
  ...testedDevices.map(({ name }) => [name, OPEN[name]] as const),
  ['cpu', () => Promise.resolve(cpu())] as const,
];

describe.each(devices)('tensors on %s', (_, open) => {
  it('that are lost give their memory back, and those that are held keep it', async () => {
    const device = await open();
    const make = (numbers: number[]): Tensor => tensor(numbers, undefined, 'float32', device);
    const held = make([1, 2, 3, 4]);
    // A view and a result hold what they were made of.
    const view = reshape(make([5, 6, 7, 8]), [2, 2]);
    const weight = variable([1, 1, 1, 1], { device });
    const loss = sum(mul(weight, make([4, 3, 2, 1])));
    const before = device.stats();
    const lose = (): void => {
      add(make([1, 2, 3]), 1);
      scope(() => [add(held, 1), add(view, 1)]);
      variable([1, 2, 3], { device });
    };
    lose();
    expect(device.stats().storages).toBe(before.storages + 5);
    await collectGarbage(() => device.stats().storages === before.storages);
    expect(device.stats().storages).toBe(before.storages);
    expect(device.stats().bytes).toBe(before.bytes);
    // New ones take the memory; the held ones are what they were.
    const others = Array.from({ length: 8 }, (_, k) => make([k, k, k]));
    expect(await held.array()).toEqual([1, 2, 3, 4]);
    expect(await view.array()).toEqual([
      [5, 6],
      [7, 8],
    ]);
    expect(await backward(loss).get(weight)!.array()).toEqual([4, 3, 2, 1]);
    expect(await others[5].array()).toEqual([5, 5, 5]);
    device.destroy();
  });

  it('that were disposed of are not freed a second time', async () => {
    const device = await open();
    const before = device.stats().storages;
    const make = (value: number): Tensor =>
      tensor(new Float32Array(1000).fill(value), undefined, 'float32', device);
    const disposed = (): void => {
      const one = make(1);
      const both = [one, reshape(one, [10, 100])];
      for (const view of both) view.dispose();
      make(2).dispose();
    };
    disposed();
    expect(device.stats().storages).toBe(before);
    // They have the memory of those now.
    const kept = [make(3), make(4)];
    const lose = (): void => void make(9);
    lose();
    await collectGarbage(() => device.stats().storages === before + 2);
    expect(device.stats().storages).toBe(before + 2);
    const more = [make(5), make(6)];
    for (const [k, one] of [...kept, ...more].entries())
      expect((await one.data()).every((value) => value === 3 + k)).toBe(true);
    device.destroy();
  });

  it('that predict gave go with their last reference', async () => {
    const device = await open();
    const network = sequential(
      [layers.input({ shape: [null, 2] }), layers.lstm(3), layers.dense(1)],
      { device, seed: 1 },
    );
    const before = device.stats().storages;
    const x = [[[0.5, 1]], [[1, 0.5]], [[0, 0]]];
    const values = await (await network.predict(x, { batchSize: 2 })).array();
    expect(values).toHaveLength(3);
    await collectGarbage(() => device.stats().storages === before);
    expect(device.stats().storages).toBe(before);
    network.dispose();
    device.destroy();
  });

  it('are none where predict is asked for arrays', async () => {
    const device = await open();
    const start = layers.input({ shape: [2] });
    const [one, two] = [layers.dense(3).apply(start), layers.dense(1).apply(start)];
    const both = model({ inputs: start, outputs: [one, two], device, seed: 1 });
    const x = [
      [0.5, 1],
      [1, 0.5],
      [0, 0],
    ];
    const tensors = await both.predict<Tensor[]>(x);
    const expected = await Promise.all(tensors.map((output) => output.array()));
    for (const output of tensors) output.dispose();
    const before = device.stats().storages;
    expect(await both.predict(x, { as: 'array', batchSize: 2 })).toEqual(expected);
    const single = model({ inputs: start, outputs: one, device, seed: 1 });
    expect(await single.predict(x, { as: 'array' })).toEqual(expected[0]);
    expect(device.stats().storages).toBe(before);
    await expect(both.predict(x, { as: 'list' } as never)).rejects.toThrow(
      "predict: expected as to be one of tensor, array, got 'list'",
    );
    device.destroy();
  });

  it('are freed at the end of their block by using', async () => {
    const device = await open();
    const before = device.stats().storages;
    {
      using one = tensor([1, 2], undefined, 'float32', device);
      using two = add(one, 1);
      expect(await two.array()).toEqual([2, 3]);
    }
    expect(device.stats().storages).toBe(before);
    device.destroy();
  });
});

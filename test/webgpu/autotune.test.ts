/** Measuring variants, choosing and pinning them, and going on with the same ones after loading. */
import { afterEach, describe, expect, it } from 'vitest';
import { layers, loadModel, optimizers, sequential, tensor } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import type { Device, SequenceOptions } from '../../src/backend.ts';
import { decodeSafetensors } from '../../src/formats/decode_safetensors.ts';
import { encodeSafetensors } from '../../src/formats/encode_safetensors.ts';
import { matmul } from '../../src/ops/index.ts';
import { autotune, profile } from '../../src/profile/index.ts';
import { fill, scope } from '../../src/tensor.ts';
import { freshGpu, gpu } from '../support/devices.ts';

const [B, T, I, H] = [12, 6, 5, 16];

afterEach(async () => {
  const { choices } = await gpu();
  for (const key of Object.keys(choices)) delete choices[key];
});

function modelOn(device: Device): Model {
  const input = layers.input({ shape: [T, I] });
  const model = sequential([input, layers.lstm(H), layers.dense(1)], { device, seed: 3 });
  model.compile({ optimizer: optimizers.adam(), loss: 'meanSquaredError' });
  return model;
}

function batchOn(device: Device) {
  const wave = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => Math.sin(i));
  const x = tensor(wave(B * T * I), [B, T, I], 'float32', device);
  return { x, y: tensor(wave(B), [B, 1], 'float32', device) };
}

describe('autotune', () => {
  it('measures every variant, and chooses one that is no slower than the rule', async () => {
    const device = await gpu();
    const model = modelOn(device);
    const { x, y } = batchOn(device);
    const tunings = await autotune(device, () => model.trainOnBatch(x, y), { repeats: 1 });
    const keys = tunings.map(({ key }) => key);
    expect(keys).toContain(`sequence_forward lstm T ${T} B ${B} H ${H}`);
    expect(keys).toContain(`sequence_backward lstm T ${T} B ${B} H ${H}`);
    expect(keys.filter((key) => key.startsWith('matmul')).length).toBeGreaterThan(2);
    for (const { key, chosen, byRule, ms } of tunings) {
      expect(Object.keys(ms).length, key).toBeGreaterThan(1);
      for (const time of Object.values(ms)) expect(time, key).toBeGreaterThan(0);
      expect(ms[chosen], key).toBeLessThanOrEqual(ms[byRule]);
      expect(device.choices[key], key).toBe(chosen === byRule ? undefined : chosen);
    }
    model.dispose();
  });

  it('leaves training as it was but for rounding', async () => {
    const device = await gpu();
    const { x, y } = batchOn(device);
    const [tuned, plain] = [modelOn(device), modelOn(device)];
    let calls = 0;
    const step = () => (calls++, tuned.trainOnBatch(x, y));
    await autotune(device, step, { repeats: 1 });
    for (let i = 0; i < calls; i++) await plain.trainOnBatch(x, y);
    const [a, b] = await Promise.all([tuned.getWeights(), plain.getWeights()]);
    a.forEach(({ data }, i) =>
      data.forEach((value, k) => expect(value).toBeCloseTo(b[i].data[k], 4)),
    );
    for (const model of [tuned, plain]) model.dispose();
  });

  it('refuses options that make no sense, and two measurements at once', async () => {
    const device = await gpu();
    const nothing = () => undefined;
    await expect(autotune(device, nothing, { repeats: 0 })).rejects.toThrow(/repeats.*got 0/);
    await expect(autotune(device, nothing, { gain: 1 })).rejects.toThrow(/gain.*got 1/);
    const first = profile(device, nothing, { repeats: 1 });
    await expect(autotune(device, nothing)).rejects.toThrow(/is being measured already/);
    await first;
    expect(await autotune(device, nothing)).toEqual([]);
  });
});

describe('choices', () => {
  const key = 'matmul 40×48×64 NN';

  it('are what runs', async () => {
    const device = await gpu();
    const [a, b] = [fill(device, [40, 64], 1), fill(device, [64, 48], 1)];
    const variants: string[] = [];
    for (const choice of ['tiles of 32', 'tiles of 64']) {
      device.choices[key] = choice;
      const { kernels } = await profile(device, () => scope(() => void matmul(a, b)), {
        repeats: 1,
      });
      variants.push(kernels[0].variant);
    }
    expect(variants).toEqual(['40×48×64, tiles of 32', '40×48×64, tiles of 64']);
    for (const one of [a, b]) one.dispose();
  });

  it('that do not exist are refused with those that do', async () => {
    const device = await gpu();
    const [a, b] = [fill(device, [40, 64], 1), fill(device, [64, 48], 1)];
    device.choices[key] = 'magic';
    expect(() => matmul(a, b)).toThrow(
      `device.choices['${key}']: expected one of 'tiles of 32', 'tiles of 64', got 'magic'`,
    );
    for (const one of [a, b]) one.dispose();
  });

  it('are saved with a model, so that training goes on with its bits', async () => {
    const device = await gpu();
    const { x, y } = batchOn(device);
    // Sums of ranges are rounded otherwise than one sum: without the choice the bits would differ.
    const gradient = `matmul ${I}×${4 * H}×${B * T} TN`;
    const model = modelOn(device);
    device.choices[gradient] = '4 ranges';
    await model.trainOnBatch(x, y);
    const files = await model.save();
    await model.trainOnBatch(x, y);
    const unbroken = await model.getWeights();

    delete device.choices[gradient];
    const loaded = await loadModel(files, { device });
    expect(device.choices).toEqual({ [gradient]: '4 ranges' });
    await loaded.trainOnBatch(x, y);
    expect(await loaded.getWeights()).toEqual(unbroken);
    for (const one of [model, loaded]) one.dispose();
  });

  it('of a file that name no variant are left out, and break no model of the device', async () => {
    const device = await gpu();
    const { x, y } = batchOn(device);
    const gradient = `matmul ${I}×${4 * H}×${B * T} TN`;
    const bad = {
      [gradient]: 'magic',
      [`sequence_forward lstm T ${T} B ${B} H ${H}`]: 'by magic',
      'no kernel': 'fast',
    };
    const [model, other] = [modelOn(device), modelOn(device)];
    const plain = await other.trainOnBatch(x, y);
    const { tensors, metadata } = decodeSafetensors((await model.save()).weights);
    const choices = { device: device.description, choices: JSON.stringify(bad) };
    const weights = encodeSafetensors(tensors, { ...metadata, ...choices });
    const loaded = await loadModel({ weights }, { device });
    expect(await loaded.trainOnBatch(x, y)).toEqual(plain);
    await other.trainOnBatch(x, y);
    // What the program itself chooses is still checked.
    device.choices[gradient] = 'other magic';
    await expect(other.trainOnBatch(x, y)).rejects.toThrow(/expected one of .*got 'other magic'/);
    for (const one of [model, other, loaded]) one.dispose();
  });

  it('of another device are left alone', async () => {
    const device = await gpu();
    const model = modelOn(device);
    device.choices[key] = 'tiles of 64';
    const { json, weights } = await model.save();
    const length = new TextDecoder().decode(weights).indexOf(device.description);
    const other = weights.slice();
    other[length] ^= 1;
    delete device.choices[key];
    (await loadModel({ json, weights: other }, { device })).dispose();
    expect(device.choices).toEqual({});
    (await loadModel({ json, weights }, { device })).dispose();
    expect(device.choices).toEqual({ [key]: 'tiles of 64' });
    model.dispose();
  });
});

describe('the rules', () => {
  const kernelsOf = async (isSoftware: boolean, sequence: SequenceOptions): Promise<string[]> => {
    const device = await freshGpu({ sequence });
    Object.assign(device, { isSoftware });
    const units = 260;
    const model = sequential([layers.input({ shape: [3, 4] }), layers.lstm(units)], { device });
    model.compile({ optimizer: optimizers.sgd(), loss: 'meanSquaredError' });
    const x = tensor(new Float32Array(4 * 3 * 4), [4, 3, 4], 'float32', device);
    const y = tensor(new Float32Array(4 * units), [4, units], 'float32', device);
    const { kernels } = await profile(device, () => model.trainOnBatch(x, y), { repeats: 1 });
    model.dispose();
    const found = kernels.filter(({ name }) => /^sequence_\w+_(forward|backward)/.test(name));
    return found.map(({ name, variant }) => `${name} ${variant.split(', ').at(-1)}`).sort();
  };

  it('take a dispatch a step beyond 256 units on a GPU', async () => {
    expect(await kernelsOf(false, {})).toEqual([
      'sequence_steps_backward steps',
      'sequence_steps_forward steps',
    ]);
  });

  it('fold them on software adapters', async () => {
    expect(await kernelsOf(true, {})).toEqual([
      'sequence_rows_backward rows',
      'sequence_rows_forward rows',
    ]);
  });

  it('give way to the options of the device', async () => {
    expect((await kernelsOf(true, { variant: 'step' })).map((name) => name.split(' ')[0])).toEqual([
      'sequence_steps_backward',
      'sequence_steps_forward',
    ]);
    await expect(kernelsOf(true, { variant: 'fold' })).rejects.toThrow(/does not reach 260 units/);
  });
});

it('chooses nothing of what is not in every run', async () => {
  const device = await gpu();
  const [a, b] = [fill(device, [40, 64], 1), fill(device, [64, 48], 1)];
  let calls = 0;
  const sometimes = () => scope(() => void (calls++ % 2 === 0 ? matmul(a, b) : 0));
  expect(await autotune(device, sometimes, { repeats: 2 })).toEqual([]);
  expect(device.choices).toEqual({});
  for (const one of [a, b]) one.dispose();
});

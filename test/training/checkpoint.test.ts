/** Runs in Chromium, Node and Deno. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { DeviceError } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import { decodeSafetensors } from '../../src/formats/decode_safetensors.ts';
import { encodeSafetensors } from '../../src/formats/encode_safetensors.ts';
import type { SavedModel } from '../../src/formats/download.ts';
import * as layers from '../../src/layers/index.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import { modelCheckpoint } from '../../src/model/callbacks/index.ts';
import { loadModel } from '../../src/model/load.ts';
import { adam, rmsprop, sgd } from '../../src/optimizers/index.ts';
import { cosineDecay } from '../../src/optimizers/schedules.ts';
import * as losses from '../../src/losses/index.ts';
import { webgpu } from '../../src/webgpu/load.ts';
import { allDevices, gpu } from '../support/devices.ts';
import { classifier, slotsOf, task, weightsOf } from './support.ts';

const silent = { verbose: 0 } as const;

describe.each(allDevices)('a checkpoint on %s', (_, deviceOf) => {
  it('continues training bit by bit', async () => {
    const device = await deviceOf();
    const { x, y } = task(40);
    const build = () =>
      classifier(device, {
        dropout: 0.3,
        optimizer: adam({
          learningRate: cosineDecay({ initialLearningRate: 0.02, decaySteps: 12 }),
          clipNorm: 1,
        }),
        loss: losses.binaryCrossentropy({ labelSmoothing: 0.1 }),
      });
    const options = { ...silent, batchSize: 16, validationSplit: 0.2, epochs: 4, seed: 21 };
    const whole = build();
    const { history } = await whole.fit(x, y, options);

    const first = build();
    const start = await first.fit(x, y, { ...options, epochs: 2 });
    const loaded = await loadModel(await first.save(), { device });
    expect(loaded.epoch).toBe(2);
    // The seed of the shuffling is saved as well.
    const { seed: __, ...rest } = options;
    const end = await loaded.fit(x, y, { ...rest, initialEpoch: loaded.epoch });
    expect(await weightsOf(loaded)).toEqual(await weightsOf(whole));
    expect(await slotsOf(loaded)).toEqual(await slotsOf(whole));
    expect(loaded.optimizer.iterations).toBe(whole.optimizer.iterations);
    for (const [name, values] of Object.entries(history))
      expect([...start.history[name], ...end.history[name]], name).toEqual(values);
  });
});

describe('saving and loading', () => {
  it('keeps a graph with several inputs and outputs', async () => {
    const device = cpu();
    const a = layers.input({ shape: [null], dtype: 'int32', name: 'a' });
    const b = layers.input({ shape: [2], name: 'b' });
    const encoded = layers
      .bidirectional(layers.gru(3))
      .apply(layers.embedding(6, 4, { maskZero: true }).apply(a));
    const joined = layers.concatenate().apply([encoded, b]);
    const one = layers.dense(1, { name: 'one' }).apply(joined);
    const two = layers.dense(3, { name: 'two', activation: 'softmax' }).apply(joined);
    const model = graph({ inputs: [a, b], outputs: [one, two], device, seed: 1, name: 'pair' });
    model.compile({
      optimizer: rmsprop({ momentum: 0.9 }),
      loss: { one: 'mse', two: losses.sparseCategoricalCrossentropy() },
      metrics: { two: ['accuracy'] },
      lossWeights: [1, 0.5],
    });
    const x = {
      a: [
        [1, 2, 0],
        [3, 0, 0],
      ],
      b: [
        [0.5, 1],
        [-1, 2],
      ],
    };
    const y = { one: [1, 2], two: [0, 2] };
    await model.fit(x, y, { ...silent, epochs: 2 });
    const loaded = await loadModel(await model.save(), { device });
    expect(loaded.name).toBe('pair');
    expect(await weightsOf(loaded)).toEqual(await weightsOf(model));
    expect(await loaded.evaluate(x, y, silent)).toEqual(await model.evaluate(x, y, silent));
    const [more, same] = [await loaded.fit(x, y, silent), await model.fit(x, y, silent)];
    expect(more.history).toEqual(same.history);
  });

  it('keeps layers without a compilation, or with one that no file can hold', async () => {
    const device = cpu();
    const bare = sequential([layers.input({ shape: [2] }), layers.dense(1)], { device });
    const loaded = await loadModel(await bare.save(), { device });
    expect(await weightsOf(loaded)).toEqual(await weightsOf(bare));
    await expect(loaded.fit([[1, 2]], [1])).rejects.toThrow(/expected a compiled model/);

    const own = { ...losses.meanSquaredError(), name: 'my own' };
    bare.compile({ optimizer: 'adam', loss: own });
    await bare.fit([[1, 2]], [1], silent);
    const saved = await bare.save();
    expect(JSON.parse(saved.json).compile).toBe(null);
    const again = await loadModel(saved, { device, compile: { optimizer: 'adam', loss: own } });
    expect(await slotsOf(again)).toEqual(await slotsOf(bare));
    expect(again.optimizer.iterations).toBe(1);
  });

  it('keeps a model inside a model', async () => {
    const model = everyKind();
    const x = Int32Array.of(1, 2, 0, 3, 0, 0);
    const ids = { data: x, shape: [2, 3] };
    const loaded = await loadModel(await model.save(), { device: cpu() });
    expect(await (await loaded.predict(ids)).array()).toEqual(
      await (await model.predict(ids)).array(),
    );
  });

  it.each(allDevices)(
    'uploads each weight and each slot of a file once on %s',
    async (_, deviceOf) => {
      const device = await deviceOf();
      const model = sequential([layers.input({ shape: [2] }), layers.dense(1)], { device });
      const bare = await model.save();
      model.compile({ optimizer: 'adam', loss: 'mse' });
      await model.fit([[1, 2]], [1], silent);
      const trained = await model.save();
      const { write } = device;
      const lengths: number[] = [];
      device.write = (storage, data, offset) => {
        lengths.push(data.length);
        write.call(device, storage, data, offset);
      };
      try {
        (await loadModel(bare, { device })).dispose();
        expect(lengths).toEqual([2, 1]);
        (await loadModel(trained, { device })).dispose();
        expect(lengths.slice(2)).toEqual([2, 1, 2, 2, 1, 1]);
      } finally {
        device.write = write;
      }
      model.dispose();
    },
  );

  it('continues an optimizer without slots at its step, so at the rate of its schedule', async () => {
    const device = cpu();
    const { x, y } = task(16);
    const learningRate = cosineDecay({ initialLearningRate: 0.5, decaySteps: 8 });
    const whole = classifier(device, { optimizer: sgd({ learningRate }), dropout: 0.3 });
    await whole.fit(x, y, { ...silent, epochs: 2, batchSize: 8 });
    const loaded = await loadModel(await whole.save(), { device });
    expect(loaded.optimizer.iterations).toBe(4);
    const rest = { ...silent, epochs: 4, initialEpoch: 2, batchSize: 8 };
    await whole.fit(x, y, rest);
    await loaded.fit(x, y, rest);
    expect(await weightsOf(loaded)).toEqual(await weightsOf(whole));
  });

  it('leaves the choices of the device alone where weights alone are taken', async () => {
    const device = cpu();
    const model = sequential([layers.input({ shape: [2] }), layers.dense(1)], { device });
    device.choices.kernel = 'measured';
    const saved = await model.save();
    device.choices.kernel = 'pinned';
    await model.loadWeights(saved);
    expect(device.choices).toEqual({ kernel: 'pinned' });
    (await loadModel(saved, { device })).dispose();
    expect(device.choices).toEqual({ kernel: 'measured' });
  });

  it('loads what was saved as two files', async () => {
    const device = cpu();
    const { x, y } = task(8);
    const model = classifier(device);
    await model.fit(x, y, silent);
    const { json, weights } = await model.save();
    const { tensors, metadata } = decodeSafetensors(weights);
    const { 'model.json': inside, ...counters } = metadata;
    expect(inside).toBe(json);
    const old = encodeSafetensors(tensors, counters);
    const loaded = await loadModel({ json, weights: old }, { device });
    expect(await weightsOf(loaded)).toEqual(await weightsOf(model));
    expect(await slotsOf(loaded)).toEqual(await slotsOf(model));
    expect([loaded.epoch, loaded.optimizer.iterations]).toEqual([1, 1]);
    await model.restore({ json: JSON.parse(json), weights: old.slice().buffer });
    await expect(loadModel({ weights: old }, { device })).rejects.toThrow(
      'load: expected { json, weights } of a model of two files, got no json',
    );
    // The JSON that is given counts, so that it may be changed.
    const other = JSON.parse(json);
    other.config.name = 'other';
    expect((await loadModel({ json: other, weights }, { device })).name).toBe('other');
  });

  it('takes weights alone into another model', async () => {
    const device = cpu();
    const { x, y } = task(8);
    const trained = classifier(device);
    await trained.fit(x, y, silent);
    const other = classifier(device, { seed: 100, optimizer: 'sgd' });
    await other.loadWeights(await trained.save());
    expect(await weightsOf(other)).toEqual(await weightsOf(trained));
    expect(other.epoch).toBe(0);
  });

  it('saves every epoch, or the best', async () => {
    const { x, y } = task(16);
    const saved: number[] = [];
    const values = [3, 2, 2.5, 1];
    const model = classifier(cpu());
    const measured = {
      onEpochEnd: (epoch: number, logs: Record<string, number>) =>
        void (logs.valLoss = values[epoch]),
    };
    const save = (_: SavedModel, epoch: number) => void saved.push(epoch);
    await model.fit(x, y, {
      ...silent,
      epochs: 4,
      callbacks: [measured, modelCheckpoint({ save, saveBestOnly: true })],
    });
    expect(saved).toEqual([0, 1, 3]);
    saved.length = 0;
    await model.fit(x, y, { ...silent, epochs: 2, callbacks: [modelCheckpoint({ save })] });
    expect(saved).toEqual([0, 1]);
    await expect(
      model.fit(x, y, { ...silent, callbacks: [modelCheckpoint({ save, saveBestOnly: true })] }),
    ).rejects.toThrow(
      /modelCheckpoint: the monitored 'valLoss' is not among loss, accuracy; give fit validationData/,
    );
  });

  const inBrowser = typeof document !== 'undefined';
  (inBrowser ? () => undefined : it)('writes folders in Node and Deno', async () => {
    const { mkdtemp, readdir, rm } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(`${tmpdir()}/gatefold-`);
    try {
      const { x, y } = task(8);
      const model = classifier(cpu());
      await model.fit(x, y, {
        ...silent,
        epochs: 2,
        callbacks: [modelCheckpoint({ path: `${folder}/{epoch}` })],
      });
      expect((await readdir(folder)).sort()).toEqual(['1', '2']);
      const loaded = await loadModel(`${folder}/2`, { device: cpu() });
      expect(await weightsOf(loaded)).toEqual(await weightsOf(model));
      expect((await loadModel(`${folder}/1`, { device: cpu() })).epoch).toBe(1);
      // Two models in one folder, at once: either of them, as a whole.
      const [one, two] = [classifier(cpu()), classifier(cpu(), { seed: 100, optimizer: 'sgd' })];
      for (const each of [one, two]) await each.fit(x, y, silent);
      for (let round = 0; round < 20; round++) {
        const saves = [one, two, one].map((each) => each.save(`${folder}/both`));
        await Promise.all(saves);
        const found = await loadModel(`${folder}/both`, { device: cpu() });
        expect(await weightsOf(found)).toEqual(await weightsOf(one));
        expect(found.optimizer.name).toBe('adam');
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const expectedColumns = (columns: number): string =>
  `load: expected 'weights/gru/kernel' as float [4,${columns}], got float [4,15]; it was saved from another model`;

describe('a damaged or hostile file', () => {
  const withMetadata = (saved: SavedModel, changes: Record<string, string>): SavedModel => {
    const { tensors, metadata } = decodeSafetensors(saved.weights);
    const weights = encodeSafetensors(tensors, { ...metadata, ...changes });
    return { ...saved, weights: weights as Uint8Array<ArrayBuffer> };
  };
  const change = (saved: SavedModel, edit: (tensors: Map<string, any>) => void): SavedModel => {
    const { tensors, metadata } = decodeSafetensors(saved.weights);
    const edited = new Map(tensors);
    edit(edited);
    return { ...saved, weights: encodeSafetensors(edited, metadata) as Uint8Array<ArrayBuffer> };
  };
  const kernel = 'weights/answer/kernel';
  const ways: [string, (saved: SavedModel) => unknown, RegExp][] = [
    [
      'is cut short',
      (s) => ({ ...s, weights: s.weights.slice(0, -3) }),
      /safetensors: '.*' lies at bytes \d+ to \d+, but there are \d+: it is truncated; the file is damaged or in another format: save it again/,
    ],
    ['is empty', (s) => ({ ...s, weights: new Uint8Array(0) }), /at least 8 bytes, got 0/],
    ['is no JSON', (s) => ({ ...s, json: '<!doctype html>' }), /model\.json is not JSON/],
    ['is another JSON', (s) => ({ ...s, json: '{"a":1}' }), /model\.json is not a saved model/],
    ['is half there', (s) => ({ json: s.json }), /expected \{ weights \}, a folder or an address/],
    ...(['epoch', 'iterations', 'seed'] as const).map(
      (name): [string, (saved: SavedModel) => unknown, RegExp] => [
        `counts no ${name}`,
        (s) => withMetadata(s, { [name]: '1.5' }),
        new RegExp(`load: expected '${name}' to be a whole number from 0 on, got 1.5`),
      ],
    ),
    [
      'has damaged choices',
      (s) => withMetadata(s, { device: cpu().description, choices: '{"matmul' }),
      /load: 'choices' is damaged \(.*JSON.*\); save the model again/,
    ],
    [
      'has no object of choices',
      (s) => withMetadata(s, { device: cpu().description, choices: 'null' }),
      /load: 'choices' is damaged \(it is no object\); save the model again/,
    ],
    [
      'lacks a weight',
      (s) => change(s, (t) => t.delete(kernel)),
      /'weights\/answer\/kernel' is not in the file/,
    ],
    [
      'lacks a slot',
      (s) => change(s, (t) => t.delete([...t.keys()].at(-1)!)),
      /'optimizer\/\d+\/.*' is not in the file \(it has .*\); it was saved from another model/,
    ],
    [
      'has a weight too many',
      (s) => change(s, (t) => t.set('weights/x', t.get(kernel))),
      /the file has 'weights\/x', the model has not/,
    ],
    [
      'has another shape',
      (s) => change(s, (t) => t.set(kernel, { ...t.get(kernel), shape: [1, 5] })),
      /expected 'weights\/answer\/kernel' as float \[5,1\], got float \[1,5\]/,
    ],
    [
      'has integers for weights',
      (s) => change(s, (t) => t.set(kernel, { shape: [5, 1], data: new Int32Array(5) })),
      /got int32 \[5,1\]/,
    ],
  ];

  it.each(ways)('that %s leaves the model as it was', async (_, damage, message) => {
    const { x, y } = task(8);
    const model = classifier(cpu());
    await model.fit(x, y, silent);
    const saved = await model.save();
    await model.fit(x, y, silent);
    const before = [await weightsOf(model), await slotsOf(model), model.epoch];
    await expect(model.restore(damage(saved) as SavedModel)).rejects.toThrow(message);
    expect([await weightsOf(model), await slotsOf(model), model.epoch]).toEqual(before);
    const device = cpu();
    await expect(loadModel(damage(saved) as SavedModel, { device })).rejects.toThrow(message);
    expect(device.stats().bytes).toBe(0);
  });

  it.each<[string, (json: any) => void, RegExp]>([
    ['a version to come', (json) => (json.version = 2), /version 2, this library reads 1/],
    [
      'no layers',
      (json) => delete json.config.layers,
      /load: model\.json describes no model: model config: expected an object with an array 'layers', got undefined/,
    ],
    [
      'an unknown layer',
      (json) => (json.config.layers[1].className = 'Evil'),
      /expected a layer class of Activation, .*, got 'Evil'; register your own/,
    ],
    [
      'a name of Object',
      (json) => (json.config.layers[1].className = 'constructor'),
      /expected a layer class of Activation, .*, got 'constructor'; register your own/,
    ],
    [
      'an absurd size',
      (json) => (json.config.layers[2].config.units = -1),
      /describes no model: gru: expected units to be a positive whole number, got -1/,
    ],
    ['no optimizer', (json) => delete json.compile.optimizer, /compile' is damaged/],
    [
      'an unknown optimizer',
      (json) => (json.compile.optimizer.name = 'evil'),
      /unknown optimizer 'evil': expected an optimizer or one of sgd, rmsprop, adam/,
    ],
    ['a seed that is none', (json) => (json.seed = 'x'), /expected 'seed' to be a whole number/],
  ])('with %s in its JSON is refused', async (_, edit, message) => {
    const saved = await classifier(cpu()).save();
    const json = JSON.parse(saved.json);
    edit(json);
    await expect(loadModel({ ...saved, json }, { device: cpu() })).rejects.toThrow(message);
  });

  it.each<[number, string]>([
    [3000, expectedColumns(9000)],
    [1e9, expectedColumns(3000000000)],
    [1e308, 'gru: expected units to be a positive whole number, got 1e+308'],
  ])('that asks for %d units is refused before they are made', async (units, message) => {
    const saved = await classifier(cpu()).save();
    const json = JSON.parse(saved.json);
    json.config.layers[2].config.units = units;
    const device = cpu();
    const began = performance.now();
    await expect(loadModel({ ...saved, json }, { device })).rejects.toThrow(message);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(device.stats().bytes).toBe(0);
  });

  it('says what is wrong, whatever stands in its JSON', async () => {
    const saved = await everyKind().save();
    const original = JSON.parse(saved.json);
    const wrong: string[] = [];
    for (const path of pathsIn(original))
      for (const value of [null, -1, 2.5, 1e308, 'x', true, [], {}, [null], undefined]) {
        const json = JSON.parse(saved.json);
        const at = path.slice(0, -1).reduce((part, key) => part[key], json);
        at[path.at(-1)!] = value;
        const device = cpu();
        const problem = await loadModel({ ...saved, json }, { device }).then(
          () => null,
          (error: Error) => error,
        );
        if (problem === null) continue;
        const clear =
          problem.constructor === Error &&
          /^[a-z]/.test(problem.message) &&
          !/undefined \(|not a function|not iterable|annot|propert/.test(problem.message);
        if (!clear || device.stats().bytes !== 0)
          wrong.push(`${path.join('.')} = ${JSON.stringify(value)}: ${String(problem)}`);
      }
    expect(wrong).toEqual([]);
  });
});

/** A graph with a wrapper, a model inside and options of many kinds, so that every kind of config is in its file. */
function everyKind() {
  const device = cpu();
  const ids = layers.input({ shape: [3], dtype: 'int32', name: 'ids' });
  const inner = sequential(
    [layers.input({ shape: [3, 2] }), layers.timeDistributed(layers.dense(2))],
    { device },
  );
  const table = layers.embedding(4, 2, { maskZero: true }).apply(ids);
  const both = layers.bidirectional(layers.lstm(2, { stateful: true }));
  const flat = layers.flatten().apply(layers.reshape([2, 3]).apply(inner.apply(table)));
  const joined = layers.concatenate().apply([both.apply(table), flat]);
  const normal = layers.layerNormalization().apply(joined);
  const outputs = layers.dense(1, { activation: 'sigmoid' }).apply(normal);
  const model = graph({ inputs: ids, outputs, device, seed: 1 });
  model.compile({
    optimizer: adam({
      learningRate: cosineDecay({ initialLearningRate: 0.02, decaySteps: 12 }),
      clipNorm: 1,
    }),
    loss: losses.binaryCrossentropy({ labelSmoothing: 0.1 }),
    metrics: ['accuracy'],
  });
  return model;
}

/** Where something stands in JSON: the root's parts, their parts, and so on. */
function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    [key],
    ...pathsIn(part).map((rest) => [key, ...rest]),
  ]);
}

describe('a device that is lost in the middle of training', () => {
  it('is a clear error, and the last checkpoint goes on elsewhere', async () => {
    const device: Device = await webgpu();
    const model = classifier(device);
    const { x, y } = task(64);
    let last: SavedModel | null = null;
    let weights: number[][] = [];
    const training = model.fit(x, y, {
      ...silent,
      epochs: 1000,
      batchSize: 8,
      callbacks: [
        {
          async onEpochEnd(epoch) {
            last = await model.save();
            weights = await weightsOf(model);
            if (epoch === 2) device.destroy();
          },
        },
      ],
    });
    await expect(training).rejects.toThrow(DeviceError);
    await expect(training).rejects.toThrow(/device was lost.*load the last checkpoint/s);
    const loaded = await loadModel(last!, { device: await gpu() });
    expect(await weightsOf(loaded)).toEqual(weights);
    const { epoch } = await loaded.fit(x, y, { ...silent, epochs: 4, initialEpoch: loaded.epoch });
    expect(epoch).toEqual([3]);
  });

  it.each<[string, { monitor?: string; saveBestOnly?: boolean }]>([
    ['of every epoch', {}],
    ['of the best epoch', { saveBestOnly: true, monitor: 'loss' }],
  ])('in the middle of an epoch leaves the checkpoint %s', async (_, options) => {
    const device = await webgpu();
    const model = classifier(device, { dropout: 0.2 });
    const { x, y } = task(64);
    const saved: { bytes: SavedModel; epoch: number; predicted: number[] }[] = [];
    const save = async (bytes: SavedModel, epoch: number) => {
      const predictions = await model.predict(x);
      saved.push({ bytes, epoch, predicted: Array.from(await predictions.data()) });
      predictions.dispose();
    };
    const begun: number[] = [];
    const lose = {
      onEpochBegin: (epoch: number) => void begun.push(epoch),
      onBatchEnd: (batch: number) => {
        if (begun.length === 4 && batch === 3) device.destroy();
      },
    };
    const training = model.fit(x, y, {
      ...silent,
      epochs: 1000,
      batchSize: 8,
      callbacks: [modelCheckpoint({ ...options, save }), lose],
    });
    await expect(training).rejects.toThrow(DeviceError);
    await expect(training).rejects.toThrow(
      /^the GPU device was lost \(destroyed\): .*\. Make a new one with webgpu\(\), and load the last checkpoint$/,
    );
    expect(begun).toEqual([0, 1, 2, 3]);
    const last = saved.at(-1)!;
    const loaded = await loadModel(last.bytes, { device: await gpu() });
    expect(loaded.epoch).toBe(last.epoch + 1);
    expect(Array.from(await (await loaded.predict(x)).data())).toEqual(last.predicted);
    if (!options.saveBestOnly) expect(last.epoch).toBe(2);
  });
});

/** Keras' models give Keras' answers, and train on as in Keras. */
import { describe, expect, it } from 'vitest';
import { layers, model, sequential, setSeed } from '../../src/index.ts';
import type { Model, SymbolicTensor } from '../../src/index.ts';
import { loadKeras, loadKerasWeights } from '../../src/interchange/index.ts';
import { testedDevices } from '../support/devices.ts';
import {
  expectClose,
  expectOutputs,
  formatFile,
  inputOf,
  loadFormats,
} from '../support/formats.ts';
import type { FormatCase, FormatTensor } from '../support/formats.ts';

setSeed(1);
const cases = await loadFormats('keras');
const device = await testedDevices[0].open();
const bytesOf = (file: string): Promise<Uint8Array<ArrayBuffer>> =>
  formatFile('keras', file.endsWith('.h5') ? `${file}.gz` : file);
const load = async (file: string, options = {}): Promise<Model> =>
  loadKeras(new File([await bytesOf(file)], file), { device, ...options });
const inputsOf = ({ inputs }: FormatCase) =>
  inputs.length === 1 ? inputOf(inputs[0]) : inputs.map(inputOf);

describe('loadKeras', () => {
  const numeric = [...cases.keys()].filter((file) => file !== 'text_vectors.keras');

  it.each(numeric)('%s answers as in Keras', async (file) => {
    const found = cases.get(file)!;
    const net = await load(file);
    expect(net.countParams()).toBe(found.parameters);
    await expectOutputs(await net.predict<any>(inputsOf(found)), found.outputs);
  });

  it('text_vectors.keras takes texts, with the vocabulary of the file', async () => {
    const { inputs, outputs, token_ids: ids } = cases.get('text_vectors.keras')!;
    const net = await load('text_vectors.keras');
    const [texts] = net.layers as any[];
    expectClose(texts.vectorize(inputs[0].data), ids as FormatTensor);
    await expectOutputs(await net.predict(inputs[0].data as any), outputs);
  });

  it.each(['learner_adam.keras', 'legacy_sequential.h5'])(
    'what it loads of %s is saved and loaded as any other model',
    async (file) => {
      const found = cases.get(file)!;
      const { loadModel } = await import('../../src/index.ts');
      const again = await loadModel(await (await load(file)).save(), { device });
      await expectOutputs(await again.predict<any>(inputsOf(found)), found.outputs);
    },
  );

  it('goes on training with the state of Adam', async () => {
    const found = cases.get('learner_adam.keras')!;
    const { optimizer, train_batches: batches, losses_after: losses } = found;
    const net = await load('learner_adam.keras');
    expect(net.optimizer.iterations).toBe(optimizer.iterations);
    expect(net.optimizer.getConfig()).toMatchObject({
      name: 'adam',
      beta1: 0.85,
      beta2: 0.99,
      epsilon: 1e-6,
    });
    for (const [k, { x, y }] of (batches as { x: FormatTensor; y: FormatTensor }[]).entries()) {
      const { loss } = await net.trainOnBatch(inputOf(x), inputOf(y));
      expect(Math.abs(loss - losses[k]), `step ${k}: ${loss}, ${losses[k]}`).toBeLessThan(
        1e-4 * losses[k],
      );
    }
    const after = await net.predict(inputsOf(found));
    expectClose({ shape: after.shape, data: await after.data() }, found.outputs_after[0], 1e-4);
  });

  it('takes the state of RMSprop from HDF5', async () => {
    const net = await load('legacy_sequential.h5');
    const { optimizer } = net;
    expect(optimizer.iterations).toBe(2);
    expect(optimizer.getConfig()).toMatchObject({ name: 'rmsprop', momentum: 0.5, rho: 0.9 });
    expect(optimizer.variables.length).toBe(2 * net.trainableWeights.length);
    for (const slot of optimizer.variables)
      expect(
        (await slot.data()).some((value) => value !== 0),
        slot.name,
      ).toBe(true);
    // Velocities are means of squares.
    for (const slot of optimizer.variables.filter(({ name }) => name.endsWith('velocity')))
      expect(
        (await slot.data()).every((value) => value >= 0),
        slot.name,
      ).toBe(true);
  });

  it('compiles it otherwise where it is told to', async () => {
    const net = await load('learner_adam.keras', {
      compile: { optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' },
    });
    expect([net.optimizer.name, net.optimizer.iterations]).toEqual(['sgd', 0]);
  });

  it('refuses other files', async () => {
    await expect(loadKeras(new Uint8Array(100))).rejects.toThrow(
      /the file: expected a model of Keras, a zip archive or HDF5, got neither/,
    );
    await expect(load('tagger.weights.h5')).rejects.toThrow(
      /tagger\.weights\.h5: expected a whole model, got weights without a model_config; make the model and call loadKerasWeights/,
    );
  });
});

describe('loadKerasWeights', () => {
  const tagger = () =>
    sequential(
      [
        layers.input({ shape: [null], dtype: 'int32' }),
        layers.embedding(17, 7, { maskZero: true }),
        layers.lstm(9),
        layers.dense(3, { activation: 'softmax' }),
      ],
      { device },
    );

  it.each(['tagger.weights.h5', 'tagger.keras'])('takes those of %s', async (file) => {
    const found = cases.get('tagger.keras')!;
    const net = tagger();
    await loadKerasWeights(net, await bytesOf(file));
    await expectOutputs(await net.predict(inputsOf(found)), found.outputs);
  });

  it('takes those of HDF5 by the names of layers', async () => {
    const found = cases.get('legacy_functional.h5')!;
    const x = layers.input({ shape: [8, 4] });
    const both = layers.bidirectional(layers.lstm(5, { returnSequences: true }), { name: 'both' });
    const last = layers.gru(6, { name: 'last' }).apply(both.apply(x));
    const net = model({
      inputs: x,
      outputs: [
        layers.dense(2, { name: 'left' }).apply(last),
        layers.dense(3, { activation: 'softmax', name: 'right' }).apply(last),
      ] as SymbolicTensor[],
      device,
    });
    await loadKerasWeights(net, await bytesOf('legacy_functional.h5'));
    await expectOutputs(await net.predict<any>(inputsOf(found)), found.outputs);
  });

  it('says where another model does not fit, and changes nothing', async () => {
    const make = (units: number, extra = false) =>
      sequential(
        [
          layers.input({ shape: [null], dtype: 'int32' }),
          layers.embedding(17, 7),
          layers.lstm(units, { returnSequences: extra }),
          ...(extra ? [layers.lstm(3)] : []),
          layers.dense(3),
        ],
        { device },
      );
    const file = new File([await bytesOf('tagger.weights.h5')], 'w.h5');
    const net = make(8);
    const before = (await net.getWeights()).map(({ data }) => data);
    await expect(loadKerasWeights(net, file)).rejects.toThrow(
      /w\.h5, layer lstm: expected weights \[7,32\], \[8,32\], \[32\], got \[7,36\], \[9,36\], \[36\]; the file is of another model/,
    );
    expect((await net.getWeights()).map(({ data }) => data)).toEqual(before);
    await expect(loadKerasWeights(make(9, true), file)).rejects.toThrow(
      /w\.h5, layer lstm_1: expected its weights in 'lstm_1\/vars', which are missing/,
    );
    const short = sequential(
      [layers.input({ shape: [null], dtype: 'int32' }), layers.embedding(17, 7)],
      { device },
    );
    await expect(loadKerasWeights(short, file)).rejects.toThrow(
      /w\.h5: expected weights of layers of the model alone, got some in '\/layers\/(dense|lstm)/,
    );
  });
});

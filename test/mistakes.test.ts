/** Mistakes that are easily made: each is an error that names what was given, and never a model that silently learns something else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  callbacks,
  cells,
  cpu,
  getDevice,
  initializers,
  layers,
  loadModel,
  losses,
  metrics,
  model,
  optimizers,
  registerLayer,
  sequential,
  setDevice,
  tensor,
  wasm,
  webgpu,
} from '../src/index.ts';
import type { Layer, Model } from '../src/index.ts';

beforeAll(() => setDevice(cpu()));

const silent = { verbose: 0 } as const;
const x = [[0], [1], [2]];
const y = [0, 1, 1];

/** A model of one input of one feature, compiled. */
function small(units = 1, options: Partial<Parameters<Model['compile']>[0]> = {}): Model {
  const made = sequential([layers.input({ shape: [1] }), layers.dense(units)], { seed: 1 });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...options });
  return made;
}

/** A model whose weights are made at once. */
const started = (options: Parameters<typeof layers.dense>[1]): Model =>
  sequential([layers.input({ shape: [1] }), layers.dense(1, options)]);

describe('one unit', () => {
  it('has no softmax, which would be 1 whatever comes', () => {
    const message = /expected softmax over two units or more, got one, .*use sigmoid/;
    expect(() => layers.dense(1, { activation: 'softmax' })).toThrow(message);
    expect(() => sequential([layers.input({ shape: [1] }), layers.activation('softmax')])).toThrow(
      message,
    );
    expect(() =>
      sequential([layers.input({ shape: [4, 2] }), layers.conv1D(1, 2, { activation: 'softmax' })]),
    ).toThrow(message);
  });

  it.each(['categoricalCrossentropy', 'sparseCategoricalCrossentropy'] as const)(
    'is not what %s takes',
    (loss) => {
      expect(() => small(1, { loss })).toThrow(
        `expected a unit for each class with ${loss}, got an output 'dense' of one unit; use binaryCrossentropy`,
      );
    },
  );
});

describe('sample weights', () => {
  it.each([-1, NaN, Infinity])('are not %s', async (weight) => {
    const sampleWeight = [1, weight, 1];
    const message = `sampleWeight: expected each number to be a number from 0 on, got ${weight}`;
    await expect(small().fit(x, y, { ...silent, sampleWeight })).rejects.toThrow(message);
    await expect(small().trainOnBatch(x, y, { sampleWeight })).rejects.toThrow(message);
    await expect(small().evaluate(x, y, { ...silent, sampleWeight })).rejects.toThrow(message);
    const batches = () => [[x, y, sampleWeight] as const];
    await expect(small().fit(batches, silent)).rejects.toThrow(message);
  });
});

describe('class weights', () => {
  it.each<[string, object, RegExp]>([
    ['a negative factor', { 0: -1 }, /the factor of class 0 to be a number from 0 on, got -1/],
    ['a factor that is NaN', { 0: NaN }, /the factor of class 0 to be a number from 0 on, got NaN/],
    ['a text for a factor', { 1: '2' }, /the factor of class 1 to be a number .*, got '2'/],
    ['a name for a class', { cat: 2 }, /expected a class to be a whole number, got 'cat'/],
    ['half a class', { 0.5: 2 }, /expected a class to be a whole number, got '0\.5'/],
    ['a list', [1, 2], /expected classWeight to be an object of factors, .*, got a list of 2/],
    ['a map', new Map([[0, 1]]), /expected classWeight to be .*, got an object \(Map\)/],
    ['a number', 3 as never, /expected classWeight to be .*, got 3/],
    ['null for a factor', { 0: null }, /the factor of class 0 to be a number from 0 on, got null/],
  ])('with %s are refused', async (_, classWeight, message) => {
    const options = { ...silent, classWeight: classWeight as never };
    await expect(small().fit(x, y, options)).rejects.toThrow(message);
    await expect(small().trainOnBatch(x, y, { classWeight: classWeight as never })).rejects.toThrow(
      message,
    );
  });
});

describe('an input that no output follows from', () => {
  it('is named', () => {
    const [used, idle] = [layers.input({ shape: [1] }), layers.input({ shape: [2], name: 'idle' })];
    const outputs = layers.dense(1).apply(used);
    expect(() => model({ inputs: [used, idle], outputs })).toThrow(
      "expected inputs that outputs follow from, got 'idle', which no layer takes; leave it out",
    );
  });
});

describe('a promise', () => {
  const message = 'a promise that was not awaited';
  it.each([
    ['webgpu()', () => Promise.resolve(cpu())],
    ['wasm()', wasm],
  ])('is no device: setDevice(%s)', async (_, make) => {
    const [before, promise] = [getDevice(), make()];
    expect(() => setDevice(promise as never)).toThrow(`setDevice: expected device to be a device`);
    expect(() => setDevice(promise as never)).toThrow(message);
    expect(getDevice()).toBe(before);
    expect(() => sequential([], { device: promise as never })).toThrow(message);
    expect(() => tensor([1], undefined, undefined, promise as never)).toThrow(message);
    await expect(loadModel('nowhere', { device: promise as never })).rejects.toThrow(message);
    (await promise).destroy();
  });

  const promise = Promise.resolve();
  it.each<[string, () => unknown]>([
    ['layer in sequential', () => sequential([promise as never])],
    ['layer in model', () => model({ inputs: promise as never, outputs: promise as never })],
    ['input of a layer', () => layers.dense(1).apply(promise as never)],
    ['layer to be wrapped', () => layers.bidirectional(promise as never)],
    ['layer for each step', () => layers.timeDistributed(promise as never)],
    ['cell', () => layers.rnn(promise as never)],
    ['number of units', () => layers.dense(promise as never)],
    ['object of options', () => layers.dense(1, promise as never)],
    ['activation', () => layers.dense(1, { activation: promise as never })],
    ['initializer', () => started({ kernelInitializer: promise as never })],
    ['optimizer', () => small(1, { optimizer: promise as never })],
    ['loss', () => small(1, { loss: promise as never })],
    ['metric', () => small(1, { metrics: [promise as never] })],
    ['list of targets', () => small().fit(x, promise as never, silent)],
    ['callback', () => small().fit(x, y, { ...silent, callbacks: [promise as never] })],
    ['saved model', () => loadModel(promise as never)],
    ['maker of layers', () => registerLayer('Mine', promise as never)],
  ])('is no %s', async (_, run) => {
    await expect((async () => run())()).rejects.toThrow(message);
  });
});

describe('a class', () => {
  it('is not what registerLayer takes', () => {
    class Scale {}
    expect(() => registerLayer('Scale', Scale as never)).toThrow(
      'registerLayer: expected make to be a function, got the class Scale itself',
    );
  });
  it.each([null, undefined, 'Scale', {}, 3])('nor is %j', (make) => {
    expect(() => registerLayer('Scale', make as never)).toThrow(/expected make to be a function/);
  });
  it.each([null, undefined, 3, ''])('needs a name that is none of %j', (name) => {
    expect(() => registerLayer(name as never, () => layers.dense(1))).toThrow(
      /registerLayer: expected className to be a/,
    );
  });
  it('that was registered must make layers', async () => {
    registerLayer('MistakenlyRegistered', (() => 3) as never);
    class Own extends layers.dense(1).constructor.prototype.constructor {
      static readonly className = 'MistakenlyRegistered';
    }
    const own = new (Own as unknown as new (config: object) => Layer)({ units: 1 });
    const saved = await sequential([layers.input({ shape: [1] }), own]).save();
    await expect(loadModel(saved)).rejects.toThrow(
      /expected what 'MistakenlyRegistered' makes to be a layer, got 3/,
    );
  });
});

describe('a function that was not called', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'layers.dense in sequential',
      () => sequential([layers.input({ shape: [1] }), layers.dense as never]),
      /expected layers, got a function that was not called at position 1; /,
    ],
    [
      'layers.dense as a graph',
      () => model({ inputs: layers.input as never, outputs: layers.dense as never }),
      /got a function that was not called/,
    ],
    [
      'layers.input before a layer',
      () => layers.dense(1).apply(layers.input as never),
      /got a function that was not called/,
    ],
    [
      'layers.lstm in bidirectional',
      () => layers.bidirectional(layers.lstm as never),
      /got a function that was not called/,
    ],
    [
      'layers.dense in timeDistributed',
      () => layers.timeDistributed(layers.dense as never),
      /got a function that was not called/,
    ],
    ['cells.lstm in rnn', () => layers.rnn(cells.lstm as never), /a function that was not called/],
    [
      'cells.lstm among stacked ones',
      () => layers.rnn(cells.stacked([cells.lstm as never])),
      /a function that was not called/,
    ],
    [
      'optimizers.adam',
      () => small(1, { optimizer: optimizers.adam as never }),
      /expected what optimizers\.adam\(\) makes, got a function that was not called; write optimizers\.adam\(\)/,
    ],
    [
      'losses.meanSquaredError',
      () => small(1, { loss: losses.meanSquaredError as never }),
      /expected what losses\.meanSquaredError\(\) makes, got a function that was not called/,
    ],
    [
      'metrics.accuracy',
      () => small(1, { metrics: [metrics.accuracy as never] }),
      /expected what metrics\.accuracy\(\) makes, got a function that was not called/,
    ],
    [
      'initializers.zeros',
      () => started({ kernelInitializer: initializers.zeros as never }),
      /expected what initializers\.zeros\(\) makes, got a function that was not called/,
    ],
    [
      'schedules.cosineDecay',
      () => optimizers.sgd({ learningRate: optimizers.schedules.cosineDecay as never }),
      /got a function that was not called/,
    ],
    [
      'callbacks.earlyStopping',
      () => small().fit(x, y, { ...silent, callbacks: [callbacks.earlyStopping as never] }),
      /got a function that was not called/,
    ],
    ['webgpu', () => setDevice(webgpu as never), /got a function that was not called/],
    ['cpu', () => sequential([], { device: cpu as never }), /got a function that was not called/],
  ])('%s', async (_, run, message) => {
    await expect((async () => run())()).rejects.toThrow(message);
  });
});

describe('a list, or one of something else', () => {
  const dense = layers.dense(1);
  it.each<[string, () => unknown, RegExp]>([
    [
      'a list in the list of sequential',
      () => sequential([[layers.dense(1), layers.dense(2)]] as never),
      /expected layers, got a list of 2 at position 0; /,
    ],
    [
      'a layer in place of the list',
      () => sequential(layers.dense(1) as never),
      /sequential: expected layers to be a list, got the layer 'dense'/,
    ],
    [
      'layers one after the other',
      () => (sequential as (...all: unknown[]) => unknown)(layers.dense(1), layers.dense(2)),
      /sequential: expected .*list.* got the layer 'dense'/,
    ],
    [
      'an object of layers',
      () => sequential({ layers: [layers.dense(1)] } as never),
      /sequential: expected layers to be a list, got an object with layers/,
    ],
    [
      'a layer as an output',
      () => model({ inputs: layers.input({ shape: [1] }), outputs: dense as never }),
      /expected outputs that apply\(\) of a layer gave, got the layer 'dense'/,
    ],
    [
      'a layer as an input',
      () => model({ inputs: dense as never, outputs: dense as never }),
      /expected inputs made by input\(\), got the layer 'dense'/,
    ],
    [
      'a layer before a layer',
      () => layers.dense(1).apply(layers.dense(2) as never),
      /expected what input\(\) or another layer's apply\(\) gives, got the layer 'dense'/,
    ],
    [
      'a tensor before a layer',
      () => layers.dense(1).apply(tensor([[1]]) as never),
      /got a tensor float32\[1,1\]; numbers go into the model/,
    ],
    [
      'a layer for a cell',
      () => layers.rnn(layers.lstm(2) as never),
      /expected a cell.*got the layer 'lstm'/,
    ],
    [
      'a cell for a layer',
      () => layers.bidirectional(cells.lstm(2) as never),
      /bidirectional: expected .*got /,
    ],
    [
      'a list of optimizers',
      () => small(1, { optimizer: [optimizers.adam()] as never }),
      /unknown optimizer a list of 1: expected an optimizer or one of/,
    ],
    [
      'an optimizer for a loss',
      () => small(1, { loss: optimizers.adam() as never }),
      /loss.*got|unknown loss/,
    ],
    [
      'a callback alone',
      () => small().fit(x, y, { ...silent, callbacks: callbacks.earlyStopping() as never }),
      /fit: expected callbacks to be a list, got an object/,
    ],
    [
      'a list of lists of callbacks',
      () => small().fit(x, y, { ...silent, callbacks: [[callbacks.earlyStopping()]] as never }),
      /got a list of 1/,
    ],
    ['a device for a model', () => loadModel(cpu() as never), /load: expected .*got an object/],
  ])('%s', async (_, run, message) => {
    await expect((async () => run())()).rejects.toThrow(message);
  });
});

describe('sizes among the options', () => {
  it.each<[string, () => unknown, string]>([
    ['lstm', () => layers.lstm({ units: 4 } as never), 'lstm: expected units'],
    ['gru', () => layers.gru({ units: 4, returnSequences: true } as never), 'gru: expected units'],
    ['dense', () => layers.dense({ units: 4 } as never), 'dense: expected units'],
    ['cells.lstm', () => cells.lstm({ units: 4 } as never), 'expected units'],
    [
      'projectedLSTM',
      () => layers.projectedLSTM({ units: 4 } as never, { projectionUnits: 2 }),
      'expected units',
    ],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
    expect(run).toThrow(`got an object with units`);
    expect(run).toThrow('; give units itself, not in an object');
  });
});

describe('files of other programs', () => {
  it.each([
    ['model.keras', 'loadKeras'],
    ['some/where/model.h5', 'loadKeras'],
    ['model.hdf5', 'loadKeras'],
    ['model.onnx', 'loadOnnx'],
    ['model.pt', 'readStateDict'],
    ['http://127.0.0.1:9/model.pth', 'readStateDict'],
    ['C:\\models\\weights.npz', 'readNpz'],
    ['MODEL.KERAS', 'loadKeras'],
  ])('%s is what %s reads', async (path, reader) => {
    await expect(loadModel(path)).rejects.toThrow(
      new RegExp(`^load: .*; ${reader} of gatefold/formats reads such files$`),
    );
    await expect(small().loadWeights(path)).rejects.toThrow(reader);
    await expect(small().restore(path)).rejects.toThrow(reader);
  });
});

describe('a weight that was set to infinity', () => {
  it.each<[string, () => optimizers.Optimizer]>([
    ['sgd', () => optimizers.sgd()],
    ['sgd with weight decay', () => optimizers.sgd({ weightDecay: 0.1 })],
    ['adam with weight decay', () => optimizers.adam({ weightDecay: 0.1 })],
  ])('stays so in a step of %s that cannot see it', async (_, make) => {
    // The second id is in no sample, so that neither the loss nor a gradient knows of its row.
    for (const device of [cpu(), await wasm()]) {
      const net = sequential(
        [
          layers.input({ shape: [1], dtype: 'int32' }),
          layers.embedding(2, 1),
          layers.flatten(),
          layers.dense(1),
        ],
        { device, seed: 1 },
      );
      net.setWeights([[[1], [-Infinity]], [[1]], [0]]);
      net.compile({ optimizer: make(), loss: 'meanSquaredError' });
      await net.fit([[0], [0]], [1, 2], { ...silent, epochs: 2 });
      const [{ data }] = await net.getWeights();
      expect(data[1]).toBe(-Infinity);
      expect(data[0]).not.toBe(1);
      expect(Number.isFinite(data[0])).toBe(true);
    }
  });
});

afterAll(() => getDevice().destroy());

/** The names that Keras 3 has for losses, metrics, optimizers, activations and initializers, and functions of one's own in their place. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { getInitializer } from '../../src/initializers.ts';
import type { InitializerName } from '../../src/initializers.ts';
import * as layers from '../../src/layers/index.ts';
import { getLoss, LOSS_NAMES } from '../../src/losses/index.ts';
import type { LossName, LossOption } from '../../src/losses/index.ts';
import * as losses from '../../src/losses/index.ts';
import { getMetric, METRIC_NAMES } from '../../src/metrics/index.ts';
import type { MetricName, MetricOption } from '../../src/metrics/index.ts';
import { loadModel } from '../../src/model/load.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import type { CompileOptions } from '../../src/model/compile.ts';
import { ACTIVATION_NAMES } from '../../src/ops/activations.ts';
import * as ops from '../../src/ops/index.ts';
import { getOptimizer, sgd } from '../../src/optimizers/index.ts';
import type { OptimizerName } from '../../src/optimizers/index.ts';
import { cpu } from '../../src/cpu/device.ts';
import type { Tensor } from '../../src/tensor.ts';

const silent = { verbose: 0 } as const;

describe('names of Keras', () => {
  it.each<[LossName, string]>([
    ['mse', 'meanSquaredError'],
    ['mae', 'meanAbsoluteError'],
    ['mape', 'meanAbsolutePercentageError'],
    ['msle', 'meanSquaredLogarithmicError'],
    ['bce', 'binaryCrossentropy'],
    ['ce', 'crossentropy'],
    ['crossentropy', 'crossentropy'],
    ['kld', 'klDivergence'],
    ['kl_divergence', 'klDivergence'],
    ['mean_squared_error', 'meanSquaredError'],
    ['mean_absolute_error', 'meanAbsoluteError'],
    ['mean_absolute_percentage_error', 'meanAbsolutePercentageError'],
    ['mean_squared_logarithmic_error', 'meanSquaredLogarithmicError'],
    ['binary_crossentropy', 'binaryCrossentropy'],
    ['categorical_crossentropy', 'categoricalCrossentropy'],
    ['sparse_categorical_crossentropy', 'sparseCategoricalCrossentropy'],
    ['cosine_similarity', 'cosineSimilarity'],
    ['log_cosh', 'logCosh'],
    ['huber', 'huber'],
    ['hinge', 'hinge'],
    ['squared_hinge', 'squaredHinge'],
    ['categorical_hinge', 'categoricalHinge'],
    ['poisson', 'poisson'],
  ])('loss %s', (given, name) => {
    expect(getLoss(given).name).toBe(name);
    // Classes, and the short names in capitals, as in Keras.
    const others = [given.toUpperCase(), name.charAt(0).toUpperCase() + name.slice(1)];
    for (const other of others) expect(getLoss(other as LossName).name).toBe(name);
    // Every loss is a metric, which bears the name that it was asked for by.
    expect(getMetric(given).name).toBe(given);
  });

  it.each<[MetricName, string]>([
    ['acc', 'accuracy'],
    ['binary_accuracy', 'binaryAccuracy'],
    ['categorical_accuracy', 'categoricalAccuracy'],
    ['sparse_categorical_accuracy', 'sparseCategoricalAccuracy'],
    ['top_k_categorical_accuracy', 'topKCategoricalAccuracy'],
    ['sparse_top_k_categorical_accuracy', 'sparseTopKCategoricalAccuracy'],
    ['root_mean_squared_error', 'rootMeanSquaredError'],
    ['rmse', 'rootMeanSquaredError'],
    ['log_cosh_error', 'logCosh'],
    ['precision', 'precision'],
    ['recall', 'recall'],
  ])('metric %s', (given, name) => {
    expect(METRIC_NAMES).toContain(name);
    for (const one of [given, given.toUpperCase()])
      expect(getMetric(one as MetricName).name).toBe(one);
  });

  it.each<[OptimizerName, string]>([
    ['SGD', 'sgd'],
    ['RMSprop', 'rmsprop'],
    ['Adam', 'adam'],
    ['AdamW', 'adamw'],
    ['Adagrad', 'adagrad'],
    ['Adadelta', 'adadelta'],
    ['Adamax', 'adamax'],
    ['Nadam', 'nadam'],
  ])('optimizer %s', (given, name) => {
    expect(getOptimizer(given).name).toBe(name);
    expect(getOptimizer({ name: given }).name).toBe(name);
  });

  it.each<[InitializerName, string]>([
    ['zero', 'zeros'],
    ['one', 'ones'],
    ['uniform', 'randomUniform'],
    ['normal', 'randomNormal'],
    ['random_uniform', 'randomUniform'],
    ['random_normal', 'randomNormal'],
    ['truncated_normal', 'truncatedNormal'],
    ['variance_scaling', 'varianceScaling'],
    ['glorot_uniform', 'glorotUniform'],
    ['glorot_normal', 'glorotNormal'],
    ['he_uniform', 'heUniform'],
    ['he_normal', 'heNormal'],
    ['lecun_uniform', 'lecunUniform'],
    ['lecun_normal', 'lecunNormal'],
    ['orthogonal', 'orthogonal'],
    ['Orthogonal' as InitializerName, 'orthogonal'],
    ['GlorotUniform' as InitializerName, 'glorotUniform'],
  ])('initializer %s', (given, name) => {
    expect(getInitializer(given).config?.name).toBe(name);
  });

  it('activations: in layers, cells and ops, and configs hold the one name', () => {
    const one = layers.dense(1, { activation: 'hard_sigmoid' });
    expect(one.activation).toBe('hardSigmoid');
    expect(layers.activation('swish').activation).toBe('silu');
    expect(layers.activation('hard_swish').activation).toBe('hardSilu');
    expect(layers.conv1D(1, 1, { activation: 'leaky_relu' }).options.activation).toBe('leakyRelu');
    const config = layers
      .lstm(2, { activation: 'hard_tanh', recurrentActivation: 'hard_sigmoid' })
      .getConfig();
    expect([config.activation, config.recurrentActivation]).toEqual(['hardTanh', 'hardSigmoid']);
    const written = layers.carryLSTM(2, { recurrentActivation: 'hard_sigmoid' });
    expect(JSON.stringify(written.getConfig())).toContain('"recurrentActivation":"hardSigmoid"');
    for (const name of ACTIVATION_NAMES) {
      const spelt = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      expect(layers.activation(spelt as 'relu').activation).toBe(name);
    }
  });

  it('no activation, null, is linear, as in Keras', () => {
    expect(layers.dense(1, { activation: null }).activation).toBe('linear');
    expect(layers.lstm(1, { activation: null }).getConfig().activation).toBe('linear');
    expect(layers.gru(1, { recurrentActivation: null }).recurrentActivation).toBe('linear');
    expect(layers.sru(1, { activation: null }).activation).toBe('linear');
    expect(layers.activation(null).activation).toBe('linear');
    expect(layers.gru(1).getConfig().activation).toBe('tanh');
  });

  it('stand for no property of an object', () => {
    for (const name of ['constructor', 'toString', '__proto__', ''] as never[]) {
      expect(() => getLoss(name)).toThrow(/^loss: expected one of/);
      expect(() => getMetric(name)).toThrow(/^metric: expected one of/);
      expect(() => getOptimizer(name)).toThrow(/^unknown optimizer/);
      expect(() => getInitializer(name)).toThrow(/^unknown initializer/);
      expect(() => layers.dense(1, { activation: name })).toThrow(/^dense: expected activation/);
    }
  });
});

let device: Device;
beforeAll(() => (device = cpu()));

/** One unit per class on two features, with weights that are always the same. */
function linear(units: number, options: Partial<CompileOptions>, probabilities = true): Model {
  const model = sequential(
    [
      layers.input({ shape: [2] }),
      layers.dense(units, {
        name: 'out',
        activation: !probabilities ? 'linear' : units > 1 ? 'softmax' : 'sigmoid',
      }),
    ],
    { device, seed: 3 },
  );
  model.compile({ optimizer: sgd({ learningRate: 0.5 }), loss: 'mse', ...options });
  return model;
}
const x = [
  [1, 2],
  [-1, 0.5],
  [0.25, -2],
];
const y = [1, 0, 1];

describe('logs', () => {
  it('bear the names that were asked for, with val in their style', async () => {
    const model = linear(1, { metrics: ['acc', 'mse', 'binary_accuracy', 'kl_divergence'] });
    const { history } = await model.fit(x, y, { ...silent, validationData: [x, y] });
    expect(Object.keys(history)).toEqual([
      ...['loss', 'acc', 'mse', 'binary_accuracy', 'kl_divergence'],
      ...['valLoss', 'valAcc', 'valMse', 'val_binary_accuracy', 'val_kl_divergence'],
    ]);
    expect(history.mse[0]).toBeCloseTo(history.loss[0], 6);
  });
});

describe('crossentropy', () => {
  const oneHot = [
    [0, 1, 0],
    [1, 0, 0],
    [0, 1, 0],
  ];
  it.each<[LossName, number, unknown]>([
    ['binaryCrossentropy', 1, y],
    ['sparseCategoricalCrossentropy', 3, y],
    ['sparseCategoricalCrossentropy', 3, y.map((label) => [label])],
    ['sparseCategoricalCrossentropy', 3, Int32Array.from(y)],
    ['categoricalCrossentropy', 3, oneHot],
  ])('is %s where the shapes say so (%i units)', async (name, units, targets) => {
    const trained = async (loss: LossName) => {
      const model = linear(units, { loss, metrics: ['accuracy', 'crossentropy'] });
      const classWeight = { 0: 0.5, 1: 2 };
      return (await model.fit(x, targets as number[], { ...silent, epochs: 3, classWeight }))
        .history;
    };
    expect(await trained('crossentropy')).toEqual(await trained(name));
  });

  it('checks labels before anything is computed', async () => {
    const model = linear(3, { loss: 'crossentropy' });
    await expect(model.fit(x, [0, 1, 3], silent)).rejects.toThrow(/expected labels in 0…2, got 3/);
    await expect(model.fit(x, [0, 1, 0.5], silent)).rejects.toThrow(/expected int32/);
  });

  it('is saved by its name', async () => {
    const model = linear(3, { loss: losses.crossentropy({ labelSmoothing: 0.1 }) });
    const again = await loadModel(await model.save(), { device });
    const loss = async (one: Model) => (await one.evaluate(x, y, silent)).loss;
    expect(await loss(again)).toBe(await loss(model));
  });
});

describe('a function of your own', () => {
  const squares = (yTrue: Tensor, yPred: Tensor) => ops.square(ops.sub(yTrue, yPred));
  const trained = async (loss: LossOption, more: object = {}, units = 1, targets: unknown = y) => {
    const model = linear(units, { loss }, false);
    const options = { ...silent, epochs: 3, batchSize: 2, shuffle: false, ...more };
    const { history } = await model.fit(x, targets as number[], options);
    return [...history.loss, ...(await model.getWeights()).flatMap(({ data }) => [...data])];
  };
  const close = (found: number[], wanted: number[]) => {
    expect(found).toHaveLength(wanted.length);
    found.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 5));
  };

  it.each<[string, LossOption]>([
    ['an element', squares],
    ['a sample', (yTrue, yPred) => ops.mean(squares(yTrue, yPred), { axis: -1 })],
    ['a batch', (yTrue, yPred) => ops.mean(squares(yTrue, yPred))],
  ])('trains as the loss does, with a number for %s', async (_, own) => {
    close(await trained(own), await trained('mse'));
    const rows = [
      [1, 0],
      [0.5, 2],
      [3, 1],
    ];
    close(await trained(own, {}, 2, rows), await trained('mse', {}, 2, rows));
  });

  it('gets the targets first, as float32', async () => {
    const off = (yTrue: Tensor, yPred: Tensor) => {
      expect(yTrue.dtype).toBe('float32');
      return ops.sub(yPred, ops.mul(yTrue, 2));
    };
    const model = linear(1, { loss: off }, false);
    const zero = (await model.getWeights()).map(({ shape, data }) => ({
      shape,
      data: data.fill(0),
    }));
    model.setWeights(zero);
    expect((await model.evaluate(x, Int32Array.of(1, 0, 1), silent)).loss).toBeCloseTo(-4 / 3, 6);
  });

  it('is weighted and masked like a loss, but for one number a batch', async () => {
    const sampleWeight = [1, 0.5, 2];
    const own = (yTrue: Tensor, yPred: Tensor) => ops.mean(squares(yTrue, yPred), { axis: -1 });
    close(await trained(own, { sampleWeight }), await trained('mse', { sampleWeight }));
    await expect(trained((a, b) => ops.mean(squares(a, b)), { sampleWeight })).rejects.toThrow(
      /^sampleWeight: expected the shape of the losses \[\].*got \[2\]; .*return one for each sample/,
    );
  });

  it('is a metric by its name, a mean over samples', async () => {
    const model = linear(1, { metrics: [squares, 'mse', losses.huber()] });
    const logs = await model.evaluate(x, y, { ...silent, batchSize: 2 });
    expect(Object.keys(logs)).toEqual(['loss', 'squares', 'mse', 'huber']);
    expect(logs.squares).toBeCloseTo(logs.mse, 6);
    const right: MetricOption = (yTrue, yPred) =>
      ops.equal(ops.greater(yPred, 0.5), ops.cast(yTrue, 'int32'));
    const counted = linear(1, { metrics: [right, 'binaryAccuracy'] });
    const { right: own, binaryAccuracy } = await counted.evaluate(x, y, silent);
    expect(own).toBe(binaryAccuracy);
  });

  it('stands for a loss of one output among several', async () => {
    const start = layers.input({ shape: [2] });
    const outputs = ['a', 'b'].map((name) => layers.dense(1, { name }).apply(start));
    const model = graph({ inputs: start, outputs, device, seed: 3 });
    const { mse } = { mse: squares };
    model.compile({ optimizer: 'sgd', loss: { a: mse, b: 'mse' }, metrics: { b: [mse] } });
    const logs = await model.evaluate(x, { a: y, b: y }, silent);
    expect(Object.keys(logs)).toEqual(['loss', 'aLoss', 'bLoss', 'bSquares']);
    expect(logs.bLoss).toBeCloseTo(logs.bSquares, 6);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', () => undefined, /got undefined from it$/],
    ['a number', () => 1, /got 1 from it$/],
    ['a list', () => [1, 2, 3], /got a list of 3 from it$/],
    ['a promise', () => Promise.resolve(), /got a promise that was not awaited from it$/],
    ['a loss', () => losses.huber(), /got an object with name, .* from it$/],
    [
      'a mean over the batch',
      (a: Tensor, b: Tensor) => ops.mean(ops.concat([a, b], 1), { axis: 0 }),
      /one number, or of one for each of the 3 samples, got a tensor float32\[2\] from it$/,
    ],
  ])('that returns %s changes no weight', async (_, loss, message) => {
    const model = linear(1, { loss: loss as LossOption });
    const before = await model.getWeights();
    await expect(model.fit(x, y, silent)).rejects.toThrow(message);
    await expect(model.fit(x, y, silent)).rejects.toThrow(
      /^loss: expected a function \(yTrue, yPred\)/,
    );
    expect(await model.getWeights()).toEqual(before);
  });

  it('is in no file', async () => {
    const saved = await linear(1, { loss: squares }).save();
    expect(JSON.parse(saved.json).compile ?? null).toBe(null);
    expect(LOSS_NAMES).not.toContain('squares');
  });
});

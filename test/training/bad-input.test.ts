/**
 * What is wrong with data or options is said before anything reaches the GPU: nothing is submitted, no weight has moved.
 * A loss that is not finite stands in fit.test.ts; damaged files and a lost device in checkpoint.test.ts.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { DeviceError } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import * as layers from '../../src/layers/index.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import { tensor } from '../../src/tensor.ts';
import { webgpu } from '../../src/webgpu/load.ts';
import { gpu } from '../support/devices.ts';
import { classifier, task, weightsOf } from './support.ts';

const silent = { verbose: 0 } as const;
const ids = [[1, 2, 3]];

describe('fit refuses', () => {
  let device: Device;
  let model: Model;
  let before: number[][];
  beforeAll(async () => {
    device = await gpu();
    model = classifier(device);
    // Otherwise the first step makes them, and an error in it leaves them behind.
    model.optimizer.build(model.trainableWeights);
    before = await weightsOf(model);
  });

  const refused = async (run: () => Promise<unknown>, message: RegExp): Promise<void> => {
    const { submits, bytes, storages } = device.stats();
    await expect(run()).rejects.toThrow(message);
    const after = device.stats();
    expect(after.submits, 'submits').toBe(submits);
    expect(after.bytes, 'bytes').toBe(bytes);
    expect(after.storages, 'storages').toBe(storages);
    expect(await weightsOf(model)).toEqual(before);
  };

  it.each<[string, any, any, RegExp]>([
    [
      'an empty batch',
      [],
      [],
      /input 'ids': expected at least one sample, got an empty batch \[0\]/,
    ],
    [
      'T = 0',
      [[], []],
      [0, 1],
      /input 'ids': expected no empty axis, got shape \[2,0\]: leave empty sequences out, or pad them/,
    ],
    [
      'a wrong rank',
      [[[1, 2]]],
      [1],
      /input 'ids': expected shape \[batch,null\], got \[1,1,2\]: reshape or pad/,
    ],
    ['a single number', 5, [1], /input 'ids': expected a batch, got a single number/],
    [
      'rows of different lengths',
      [[1, 2], [3]],
      [1, 0],
      /input 'ids': rows must have one shape; expected a list of 2 at depth 1, got one of 1: pad the sequences to one length first/,
    ],
    ['numbers among lists', [[1, 2], 3], [1, 0], /expected a list of 2 at depth 1, got 3: pad/],
    ['words', [['a', 'b']], [1], /input 'ids': expected numbers in lists of depth 2, got 'a'/],
    [
      'what is no array',
      { a: 1 },
      [1],
      /input 'ids': expected nested lists, a typed array, \{ data, shape \} or a Tensor, got an object with a/,
    ],
    [
      'a shape that is not that of its data',
      { data: [1, 2, 3], shape: [2, 2] },
      [1, 0],
      /input 'ids': shape \[2,2\] needs 4 values, got 3/,
    ],
    [
      'fractions for ids',
      [[1, 2.5]],
      [1],
      /input 'ids': expected int32 \(ids, labels\), got 2\.5 at index 1/,
    ],
    [
      'NaN for ids',
      [[1, NaN]],
      [1],
      /input 'ids': expected int32 \(ids, labels\), got NaN at index 1/,
    ],
    [
      'ids beyond the table',
      [[1, 8]],
      [1],
      /embedding: expected ids in 0…7 \(a table of 8 rows\), got 8; map unknown tokens to an id of their own, or give the table more rows/,
    ],
    [
      'negative ids',
      [[1, -1]],
      [1],
      /embedding: expected ids in 0…7 \(a table of 8 rows\), got -1; map unknown tokens/,
    ],
    ['no inputs', null, [1], /expected inputs x, got none/],
    ['no targets', ids, undefined, /expected targets y for answer, got none/],
    [
      'more inputs than targets',
      [[1], [2]],
      [1],
      /expected as many samples in every array, got x: 2, y: 1; pass one row a sample in each/,
    ],
    [
      'targets of another shape',
      ids,
      [[1, 0]],
      /targets of 'answer': expected shape \[batch,1\], got \[1,2\]/,
    ],
    [
      'targets for outputs that are not there',
      ids,
      { other: [1] },
      /targets of 'answer': expected nested lists.*got an object/,
    ],
  ])('%s', async (_, x, y, message) => {
    await refused(() => model.fit(x, y, silent), message);
    await refused(() => model.trainOnBatch(x, y), message);
    await refused(() => model.evaluate(x, y, silent), message);
  });

  it.each<[string, any, RegExp]>([
    [
      'a batch size of 0',
      { batchSize: 0 },
      /fit: expected batchSize to be a positive whole number, got 0/,
    ],
    [
      'half an epoch',
      { epochs: 0.5 },
      /fit: expected epochs to be a positive whole number, got 0\.5/,
    ],
    [
      'a negative first epoch',
      { initialEpoch: -1 },
      /initialEpoch to be a whole number from 0 on, got -1/,
    ],
    [
      'a seed that is none',
      { seed: 1.5 },
      /fit: expected seed to be a whole number from 0 on, got 1\.5/,
    ],
    [
      'a verbosity that is none',
      { verbose: 3 },
      /fit: expected verbose to be one of 0, 1, 2, got 3/,
    ],
    [
      'a split that leaves nothing',
      { validationSplit: 0.5 },
      /validationSplit: expected a fraction between 0 and 1 that leaves samples on both sides, got 0.5 of 1 samples/,
    ],
    [
      'sample weights of another length',
      { sampleWeight: [1, 2] },
      /got x: 1, y: 1, sampleWeight: 2/,
    ],
    [
      'sample weights that are not finite',
      { sampleWeight: [NaN] },
      /sampleWeight: expected each number to be a number from 0 on, got NaN/,
    ],
    [
      'validation data of another shape',
      { validationData: [[[[1]]], [1]] },
      /input 'ids': expected shape \[batch,null\], got \[1,1,1\]/,
    ],
  ])('%s', async (_, options, message) => {
    await refused(() => model.fit(ids, [1], { ...silent, ...options }), message);
  });

  it('sample weights of another shape', async () => {
    await expect(
      classifier(cpu()).fit(ids, [1], { ...silent, sampleWeight: [[1, 2, 3]] }),
    ).rejects.toThrow(
      /sampleWeight: expected the shape of the losses \[1\] or their first axes, got \[1,3\]/,
    );
  });

  it('labels beyond the classes', async () => {
    const network = sequential(
      [layers.input({ shape: [2] }), layers.dense(3, { activation: 'softmax' })],
      { device },
    );
    network.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    network.optimizer.build(network.trainableWeights);
    for (const label of [3, -1])
      await refused(
        () => network.fit([[1, 2]], [label], silent),
        new RegExp(
          `sparseCategoricalCrossentropy: expected labels in 0…2, got ${label} for 3 classes`,
        ),
      );
    await refused(
      () => network.fit([[1, 2]], [0.5], silent),
      /targets of 'dense': expected int32 \(ids, labels\), got 0\.5 at index 0/,
    );
  });

  it('tensors of another device', async () => {
    const x = tensor(Int32Array.of(1, 2), [1, 2], 'int32', cpu());
    const y = tensor([1], [1], 'float32', device);
    function* batches() {
      yield [x, y] as const;
    }
    await expect(model.fit(() => batches(), silent)).rejects.toThrow(
      /expected tensors on the model's device .*, got int32\[1,2\] on CPU, float32/,
    );
    y.dispose();
  });

  it('generators that give too little, or something else', async () => {
    const { x, y } = task(4);
    const some = [[x, y]] as const;
    const fit = (generator: any, options = {}) =>
      classifier(cpu()).fit(generator, { ...silent, ...options });
    await expect(fit(() => some.values(), { stepsPerEpoch: 2 })).rejects.toThrow(
      /the generator ended after 1 of 2 steps of epoch 1; lower stepsPerEpoch, or pass a function/,
    );
    await expect(fit(some.values(), { epochs: 2 })).rejects.toThrow(
      /the generator is used up after one epoch; pass stepsPerEpoch, or a function that makes a generator for every epoch/,
    );
    await expect(fit(() => [])).rejects.toThrow(/expected at least one batch in epoch 1, got none/);
    await expect(fit(() => [[x]])).rejects.toThrow(
      /must yield batches \[x, y, sampleWeight\?\] or .*got one without x or y/,
    );
    await expect(fit(() => some, { validationSplit: 0.5 })).rejects.toThrow(
      /expected arrays, got a generator; pass validationData/,
    );
    await expect(classifier(cpu()).fit(() => some, y as never, silent)).rejects.toThrow(
      /expected no y with a generator/,
    );
  });

  it('a second call before the first has ended', async () => {
    const network = classifier(cpu());
    const { x, y } = task(8);
    const first = network.fit(x, y, { ...silent, epochs: 3 });
    await expect(network.fit(x, y, silent)).rejects.toThrow(
      /fit: fit is still running on 'sequential'; expected one at a time: await it first/,
    );
    expect(() => network.compile({ optimizer: 'sgd', loss: 'mse' })).toThrow(
      /compile: fit is still running on 'sequential'; expected one at a time: await it first/,
    );
    expect((await first).epoch.length).toBe(3);
  });
});

describe('several inputs and outputs', () => {
  const pair = () => {
    const a = layers.input({ shape: [1], name: 'a' });
    const b = layers.input({ shape: [1], name: 'b' });
    const joined = layers.concatenate().apply([a, b]);
    const outputs = ['p', 'q'].map((name) => layers.dense(1, { name }).apply(joined));
    const model = graph({ inputs: [a, b], outputs, device: cpu(), seed: 1 });
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    return model;
  };
  it.each<[string, any, any, RegExp]>([
    [
      'one input for two',
      [[1]],
      [[1], [1]],
      /x: expected 2 arrays \(a, b\), got 1; pass a list with one array for each, or an object by name/,
    ],
    [
      'a flat array for two',
      new Float32Array(2),
      [[1], [1]],
      /x: expected 2 arrays \(a, b\), got one/,
    ],
    ['one target for two', [[[1]], [[1]]], [[1]], /y: expected 2 arrays \(p, q\), got 1/],
    [
      'a name that is missing',
      { a: [[1]] },
      [[1], [1]],
      /x: expected an array for input 'b', got a/,
    ],
  ])('are told apart: %s', async (_, x, y, message) => {
    await expect(pair().fit(x, y, silent)).rejects.toThrow(message);
  });
  it('are given by name, whatever the name', async () => {
    const inputs = ["bob's", "'a'"].map((name) => layers.input({ shape: [1], name }));
    const joined = layers.concatenate().apply(inputs);
    const outputs = ["bob's own", 'q'].map((name) => layers.dense(1, { name }).apply(joined));
    const model = graph({ inputs, outputs, device: cpu(), seed: 1 });
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const [x, y] = [
      { "bob's": [[1]], "'a'": [[2]] },
      { "bob's own": [3], q: [4] },
    ];
    const sampleWeight = { "bob's own": [2], q: [1] };
    const byName = await model.evaluate(x, y, { ...silent, sampleWeight });
    const list = { ...silent, sampleWeight: [[2], [1]] };
    expect(byName).toEqual(await model.evaluate([[[1]], [[2]]], [[3], [4]], list));
    await expect(model.predict({ "bob's": [[1]] })).rejects.toThrow(
      /x: expected an array for input ''a'', got bob's/,
    );
  });
  it('need class weights by output', async () => {
    const options = { ...silent, classWeight: { 0: 1 } };
    await expect(pair().fit([[[1]], [[1]]], [[1], [1]], options)).rejects.toThrow(
      /classWeight: expected factors by output for 2 outputs, got one list; write \{ p: \{ 0: 1, 1: 2 \} \}/,
    );
  });
});

describe('compile', () => {
  const bare = () =>
    sequential([layers.input({ shape: [2] }), layers.dense(1, { name: 'out' })], { device: cpu() });
  it('must come first', async () => {
    const message = (what: string) =>
      new RegExp(
        `^${what}: expected a compiled model, got 'sequential' as it was made; call compile\\(\\{ optimizer, loss \\}\\) first`,
      );
    const model = bare();
    await expect(model.fit([[1, 2]], [1])).rejects.toThrow(message('fit'));
    await expect(model.evaluate([[1, 2]], [1])).rejects.toThrow(message('evaluate'));
    await expect(model.trainOnBatch([[1, 2]], [1])).rejects.toThrow(message('trainOnBatch'));
    await expect(model.testOnBatch([[1, 2]], [1])).rejects.toThrow(message('testOnBatch'));
    expect(() => model.optimizer).toThrow(message('optimizer'));
    // Predictions need none.
    expect((await model.predict([[1, 2]])).shape).toEqual([1, 1]);
  });
  it.each<[string, any, RegExp]>([
    ['no loss', { optimizer: 'adam' }, /compile: expected a loss, got none; pass compile/],
    ['nothing', undefined, /compile: expected a loss, got none/],
    [
      'an unknown loss',
      { loss: 'entropy' },
      /loss: expected one of binaryCrossentropy, .* got 'entropy'/,
    ],
    [
      'an unknown metric',
      { loss: 'mse', metrics: ['acuracy'] },
      /metric: expected one of .*accuracy.* got 'acuracy'/,
    ],
    [
      'an unknown optimizer',
      { loss: 'mse', optimizer: 'adm' },
      /unknown optimizer 'adm': expected an optimizer or one of sgd, rmsprop, adam/,
    ],
    [
      'too many losses',
      { loss: ['mse', 'mae'] },
      /compile: expected loss for 1 output\(s\) \(out\), got 2; give one for each/,
    ],
    [
      'a loss for no output',
      { loss: { other: 'mse' } },
      /compile: loss names the output 'other'; expected one of out/,
    ],
    [
      'too many loss weights',
      { loss: 'mse', lossWeights: [1, 2] },
      /compile: expected lossWeights for 1 output\(s\) \(out\), got 2/,
    ],
    [
      'a metric twice',
      { loss: 'mse', metrics: ['mae', 'mae'] },
      /compile: the metric 'mae' is there twice/,
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => bare().compile(options)).toThrow(message);
  });
});

describe('predict and the rest', () => {
  it('check their inputs as fit does', async () => {
    const model = classifier(cpu());
    await expect(model.predict([])).rejects.toThrow(/input 'ids': expected at least one sample/);
    await expect(model.predict([[1, 99]])).rejects.toThrow(
      /embedding: expected ids in 0…7 \(a table of 8 rows\), got 99; map unknown tokens/,
    );
    await expect(model.predict([[[1]]])).rejects.toThrow(
      /expected shape \[batch,null\], got \[1,1,1\]/,
    );
    await expect(model.predict([[1]], { batchSize: 0 })).rejects.toThrow(
      /predict: expected batchSize to be a positive whole number, got 0/,
    );
    await expect(sequential([layers.dense(1)], { device: cpu() }).save()).rejects.toThrow(
      /save: expected a built model, got 'sequential' without weights; give it an input/,
    );
  });

  it.each<[string, number, number, RegExp]>([
    [
      'an embedding',
      16,
      32,
      /^embedding: a tensor of 2048 elements needs 8192 bytes; this device's maxBufferSize is 4096 bytes, so at most 1024 elements fit: use a smaller batch, fewer time steps or fewer units/,
    ],
    [
      'a recurrent layer',
      16,
      16,
      /^lstm: a tensor of 1280 elements needs 5120 bytes; this device's maxBufferSize is 4096 bytes, so at most 1024 elements fit: use a smaller batch, fewer time steps or fewer units/,
    ],
    [
      'one step of a recurrent layer',
      32,
      2,
      /^lstm: one time step of 32 rows and 5 units needs 5120 bytes of saved gates, more than maxStorageBufferBindingSize, 4096 bytes: at most 25 rows fit/,
    ],
  ])('tell what fits where B·T·H of %s is over the limits', async (_, batch, steps, message) => {
    const small = await webgpu({ limits: { maxBindingBytes: 4096, maxBufferBytes: 4096 } });
    const model = sequential(
      [
        layers.input({ shape: [null], dtype: 'int32' }),
        layers.embedding(8, 4, { maskZero: true }),
        layers.lstm(5, { returnSequences: true }),
        layers.dense(1),
      ],
      { device: small },
    );
    model.compile({ optimizer: 'adam', loss: 'mse' });
    const x = Array.from({ length: batch }, () => new Int32Array(steps).fill(1));
    const y = { data: new Float32Array(batch * steps), shape: [batch, steps, 1] };
    await expect(model.predict(x, { batchSize: batch })).rejects.toThrow(message);
    await expect(model.fit(x, y, { ...silent, batchSize: batch })).rejects.toThrow(message);
    small.destroy();
  });

  it('name the layer, the binding and the limit where a binding is too small', async () => {
    const small = await webgpu({ limits: { maxBindingBytes: 1024 } });
    const model = sequential(
      [layers.input({ shape: [8], name: 'x' }), layers.dense(4, { name: 'wide' })],
      {
        device: small,
      },
    );
    const x = Array.from({ length: 64 }, () => new Float32Array(8));
    await expect(model.predict(x, { batchSize: 64 })).rejects.toThrow(
      /^wide: kernel 'matmul.*': binding '.' has 2048 bytes; this device's maxStorageBufferBindingSize is 1024 bytes \(256 elements\): use a smaller batch/,
    );
    small.destroy();
  });
});

describe('what an operation throws', () => {
  const thrownOf = (error: Error): unknown => {
    const layer = layers.dense(1, { name: 'last' });
    layer.call = () => {
      throw error;
    };
    const start = layers.input({ shape: [1] });
    const model = graph({ inputs: start, outputs: layer.apply(start), device: cpu() });
    try {
      return model.forward([tensor([1], [1, 1], 'float32', model.device)]);
    } catch (thrown) {
      return thrown;
    }
  };

  it('gets the name of the layer that called it', () => {
    const plain = new Error('matmul: too wide');
    expect(thrownOf(plain)).toMatchObject({ message: 'last: matmul: too wide', cause: plain });
    const cause = new Error('within');
    const typed = new RangeError('too deep', { cause });
    expect(thrownOf(typed)).toBe(typed);
    expect(typed).toMatchObject({ message: 'last: too deep', cause });
  });

  it('stays as it is where it has the name, or the device is gone', () => {
    for (const error of [new Error('last: no'), new DeviceError('the GPU device was lost')]) {
      const { message } = error;
      expect(thrownOf(error)).toBe(error);
      expect(error.message).toBe(message);
    }
  });
});

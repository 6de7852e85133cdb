/**
 * What is wrong with data or options is said before anything reaches the GPU: nothing is submitted, no weight has moved.
 * A loss that is not finite stands in fit.test.ts; damaged files and a lost device in checkpoint.test.ts.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import * as layers from '../../src/layers/index.ts';
import { model as graph, sequential } from '../../src/model.ts';
import type { Model } from '../../src/model.ts';
import { tensor } from '../../src/tensor.ts';
import { webgpu } from '../../src/webgpu/device.ts';
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
      /input 'ids': expected at least one element in every axis, got shape \[2,0\] \(no time steps or no features\): leave empty sequences out, or pad them/,
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
    ['numbers among lists', [[1, 2], 3], [1, 0], /expected a list of 2 at depth 1, got a number/],
    ['words', [['a', 'b']], [1], /input 'ids': expected numbers in lists of depth 2, got 'a'/],
    [
      'what is no array',
      { a: 1 },
      [1],
      /input 'ids': expected nested lists, a typed array, \{ data, shape \} or a Tensor, got an object \(Object\)/,
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
    ['ids beyond the table', [[1, 8]], [1], /embedding: .*8/],
    ['negative ids', [[1, -1]], [1], /embedding: .*-1/],
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
    ['a verbosity that is none', { verbose: 3 }, /fit: expected verbose to be 0, 1 or 2, got 3/],
    [
      'a split that leaves nothing',
      { validationSplit: 1 },
      /validationSplit: expected a fraction between 0 and 1 that leaves samples on both sides, got 1 of 1 samples/,
    ],
    [
      'sample weights of another length',
      { sampleWeight: [1, 2] },
      /got x: 1, y: 1, sampleWeight: 2/,
    ],
    [
      'sample weights that are not finite',
      { sampleWeight: [NaN] },
      /sampleWeight: expected finite numbers, got NaN or infinity/,
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
        new RegExp(`sparseCategoricalCrossentropy: .*${label}`),
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
      /the generator ended after 1 of 2 steps of epoch 1; expected stepsPerEpoch batches: lower stepsPerEpoch, or pass a function/,
    );
    await expect(fit(some.values(), { epochs: 2 })).rejects.toThrow(
      /the generator is used up after one epoch; pass a function that makes a new one/,
    );
    await expect(fit(() => [])).rejects.toThrow(/expected at least one batch in epoch 1, got none/);
    await expect(fit(() => [[x]])).rejects.toThrow(
      /must yield batches \[x, y\] or \[x, y, sampleWeight\].*got one without x or y/,
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
      { loss: 'crossEntropy' },
      /loss: expected one of binaryCrossentropy, .* got 'crossEntropy'/,
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
    await expect(model.predict([[1, 99]])).rejects.toThrow(/embedding: .*99/);
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

  it('tell what fits where B·T·H is over the limits of the device', async () => {
    const small = await webgpu({ limits: { maxBindingBytes: 4096, maxBufferBytes: 4096 } });
    const model = classifier(small);
    await expect(
      model.predict(
        Array.from({ length: 64 }, () => new Int32Array(64).fill(1)),
        { batchSize: 64 },
      ),
    ).rejects.toThrow(
      /maxBufferSize is 4096 bytes, so at most 1024 elements fit: use a smaller batch, fewer time steps/,
    );
    small.destroy();
  });
});

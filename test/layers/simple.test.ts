/** Layers without a recurrence: shapes, values, masks, weights and what they say of bad input. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import type { Layer } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { Network } from '../../src/layers/network.ts';
import { setDevice } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp } from '../support/check.ts';
import { gpu, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { ints, numbers, run, stack } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;

/** Holds a layer on the GPU against the twin, values and gradients of its inputs; the weights are drawn from one seed. */
async function check(make: () => Layer, hosts: Host[], finiteDifferences = true) {
  const networks = new Map<Device, Network>();
  const build = (tensors: Tensor[]): Tensor[] => {
    const { device } = tensors[0];
    let network = networks.get(device);
    if (!network) {
      const inputs = tensors.map(({ shape, dtype }) => input({ shape: shape.slice(1), dtype }));
      network = new Network({ inputs, outputs: make().applyAll(inputs), device, seed: 4 });
      networks.set(device, network);
    }
    return network.forward(tensors).outputs;
  };
  const computed = await checkOp(build, hosts, { finiteDifferences });
  const { outputs, weights } = networks.get(reference)!;
  outputs.forEach(({ shape }, i) =>
    expect(computed.outputs[i].shape.slice(1)).toEqual(shape.slice(1)),
  );
  return { ...computed, weights: weights.map(({ name, shape }) => [name, ...shape]) };
}

describe('Dense', () => {
  it.each(['linear', 'relu', 'sigmoid', 'softmax', 'gelu'] as const)('%s', async (activation) => {
    const { outputs, weights } = await check(
      () => layers.dense(5, { activation, biasInitializer: 'randomNormal' }),
      [floats([3, 4], 1)],
    );
    expect(outputs[0].shape).toEqual([3, 5]);
    expect(weights).toEqual([
      ['dense/kernel', 4, 5],
      ['dense/bias', 5],
    ]);
  });

  it('works on the last axis, with or without a bias', async () => {
    const { outputs, weights } = await check(
      () => layers.dense(2, { useBias: false }),
      [floats([3, 5, 4], 1)],
    );
    expect(outputs[0].shape).toEqual([3, 5, 2]);
    expect(weights).toEqual([['dense/kernel', 4, 2]]);
  });

  it('starts as in Keras', async () => {
    const [kernel, bias] = await stack(reference, { shape: [60] }, [layers.dense(40)]).getWeights();
    const limit = Math.sqrt(6 / 100);
    const largest = Math.max(...Array.from(kernel.data, Math.abs));
    expect(largest).toBeLessThanOrEqual(limit);
    expect(largest).toBeGreaterThan(0.99 * limit);
    expect(Array.from(bias.data)).toEqual(Array(40).fill(0));
  });

  it('passes a mask on', async () => {
    const network = stack(reference, { shape: [2, 1] }, [layers.masking(), layers.dense(1)]);
    const { masks } = await run(network, reference, [numbers([1, 2, 1], 0, 1)]);
    expect(masks).toEqual([[[0, 1]]]);
  });

  it('says what is wrong', () => {
    expect(() => layers.dense(0)).toThrow(
      'dense: expected units to be a positive whole number, got 0',
    );
    expect(() => layers.dense(2, { activation: 'swishy' as never, name: 'top' })).toThrow(
      /^top: expected activation to be one of .*relu.*, got 'swishy'/,
    );
    expect(() => layers.dense(2).apply(input({ shape: [], name: 'x' }))).toThrow(
      'dense: expected an input of rank 2 or more [batch, ..., features], got float32[null]; use returnSequences: true',
    );
    expect(() => layers.dense(2).apply(input({ shape: [3], dtype: 'int32' }))).toThrow(
      'dense: expected an input of dtype float32, got int32[null,3]; pass a float32 tensor, or put an embedding before',
    );
    expect(() => stack(reference, { shape: [3, null] }, [layers.dense(2)])).toThrow(
      'dense: expected known extents on axes [2], got [null,3,null]; give them in input({shape})',
    );
    const shared = layers.dense(2);
    stack(reference, { shape: [3] }, [shared]);
    expect(() => shared.apply(input({ shape: [4] }))).toThrow(
      'dense: expected 3 on the last axis, as it was built for, got float32[null,4]',
    );
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
    expect(() => layers.dense(2).apply([a, b])).toThrow('dense: expected 1 input(s), got 2');
    expect(() => layers.dense(2, { kernelInitializer: 'glorot' as never })).toThrow(
      /^dense: unknown initializer 'glorot': expected a function or one of/,
    );
    expect(() => layers.dense(2).countParams()).toThrow(
      'dense: expected a built layer, got one without weights; put it into a model, which builds it',
    );
  });
});

describe('Embedding', () => {
  it('looks up rows', async () => {
    const { outputs, weights } = await check(
      () => layers.embedding(7, 3),
      [integers([2, 4], 1, 0, 7)],
      false,
    );
    expect(outputs[0].shape).toEqual([2, 4, 3]);
    expect(weights).toEqual([['embedding/embeddings', 7, 3]]);
  });

  it('masks id 0 if told to', async () => {
    for (const maskZero of [true, false]) {
      const layer = layers.embedding(4, 2, { maskZero });
      const network = stack(reference, { shape: [null], dtype: 'int32' }, [layer]);
      const { masks } = await run(network, reference, [ints([2, 3], 0, 1, 0, 3, 2, 0)]);
      expect(masks[0]).toEqual(
        maskZero
          ? [
              [0, 1, 0],
              [1, 1, 0],
            ]
          : null,
      );
    }
  });

  it('starts within 0.05', async () => {
    const network = stack(reference, { shape: [1], dtype: 'int32' }, [layers.embedding(50, 8)]);
    const [{ data }] = await network.getWeights();
    const largest = Math.max(...Array.from(data, Math.abs));
    expect(largest).toBeLessThanOrEqual(0.05);
    expect(largest).toBeGreaterThan(0.045);
  });

  it('says what is wrong', async () => {
    expect(() => layers.embedding(-1, 2)).toThrow(
      'embedding: expected inputDim (the number of ids) to be a positive whole number, got -1',
    );
    expect(() => layers.embedding(4, 2).apply(input({ shape: [3] }))).toThrow(
      "embedding: expected an input of dtype int32, got float32[null,3]; pass ids as an int32 tensor, and give the model's input dtype: 'int32'",
    );
    const layer = layers.embedding(4, 2, { name: 'words' });
    const network = stack(reference, { shape: [null], dtype: 'int32' }, [layer]);
    await expect(run(network, reference, [ints([1, 2], 1, 4)])).rejects.toThrow(
      /^words: expected ids in 0…3 .*got 4/,
    );
    await expect(run(network, reference, [ints([1, 2], -1, 2)])).rejects.toThrow(/got -1/);
  });
});

describe('Dropout', () => {
  const network = (device: Device, layer = layers.dropout(0.4)) =>
    stack(device, { shape: [50, 8] }, [layer]);
  const x = floats([4, 50, 8], 3);

  it('drops in training alone, something else at every step, the same on both devices', async () => {
    const [twin, real] = [network(reference), network(await gpu())];
    const evaluated = await run(twin, reference, [x]);
    expect((evaluated.outputs[0] as number[][][]).flat(2)).toEqual(Array.from(x.data));
    const first = await run(twin, reference, [x], { training: true, step: 1 });
    const second = await run(twin, reference, [x], { training: true, step: 2 });
    expect(await run(twin, reference, [x], { training: true, step: 1 })).toEqual(first);
    expect(second).not.toEqual(first);
    const zeros = (ran: typeof first) =>
      (ran.outputs[0] as number[][][]).flat(2).map((v) => v === 0);
    const share = zeros(first).filter(Boolean).length / zeros(first).length;
    expect(Math.abs(share - 0.4)).toBeLessThan(0.04);
    const onGpu = await run(real, await gpu(), [x], { training: true, step: 1 });
    expect(zeros(onGpu)).toEqual(zeros(first));
  });

  it('differs from layer to layer', async () => {
    const start = input({ shape: [50, 8] });
    const outputs = [layers.dropout(0.5).apply(start), layers.dropout(0.5).apply(start)];
    const ran = await run(new Network({ inputs: start, outputs }), reference, [x], {
      training: true,
    });
    expect(ran.outputs[0]).not.toEqual(ran.outputs[1]);
  });

  it('of whole features', async () => {
    const layer = layers.spatialDropout1D(0.5);
    const ran = await run(network(reference, layer), reference, [x], { training: true });
    for (const sequence of ran.outputs[0] as number[][][])
      for (let k = 0; k < 8; k++)
        expect(new Set(sequence.map((step) => step[k] === 0)).size).toBe(1);
  });

  it('says what is wrong', () => {
    expect(() => layers.dropout(1)).toThrow(
      'dropout: expected rate to be a number from 0 to below 1, got 1',
    );
  });
});

describe('Activation', () => {
  it('has any activation', async () => {
    await check(() => layers.activation('softmax'), [floats([3, 4], 1)]);
    await check(() => layers.activation('selu'), [floats([3, 4, 2], 1)]);
    expect(() => layers.activation('x' as never)).toThrow(/^activation: expected activation to be/);
  });
});

describe('LayerNormalization', () => {
  it('normalises the last axis, or others', async () => {
    const { weights } = await check(() => layers.layerNormalization(), [floats([3, 4, 5], 1)]);
    expect(weights).toEqual([
      ['layer_normalization/gamma', 5],
      ['layer_normalization/beta', 5],
    ]);
    const random = { gammaInitializer: 'randomNormal', betaInitializer: 'randomNormal' } as const;
    await check(() => layers.layerNormalization({ axis: 1, ...random }), [floats([3, 4, 5], 1)]);
    const none = await check(
      () => layers.layerNormalization({ axis: [1, 2], center: false, scale: false }),
      [floats([3, 4, 5], 1)],
    );
    expect(none.weights).toEqual([]);
  });

  it('has the epsilon of Keras', async () => {
    const network = stack(reference, { shape: [2] }, [layers.layerNormalization()]);
    const { outputs } = await run(network, reference, [numbers([1, 2], -0.5, 0.5)]);
    expect((outputs[0] as number[][])[0][1]).toBeCloseTo(0.5 / Math.sqrt(0.25 + 1e-3), 12);
  });

  it('says what is wrong', () => {
    expect(() =>
      stack(reference, { shape: [2] }, [layers.layerNormalization({ axis: 2 })]),
    ).toThrow(
      'layer_normalization: expected axes from 1 to 1 for an input of rank 2, got [2]; the batch is axis 0',
    );
    expect(() => stack(reference, { shape: [null] }, [layers.layerNormalization()])).toThrow(
      'layer_normalization: expected known extents on axes [1], got [null,null]; give them in input({shape})',
    );
  });
});

describe('Masking', () => {
  it('masks steps all of whose features have the value, and zeroes them', async () => {
    const network = stack(reference, { shape: [3, 2] }, [layers.masking({ maskValue: 9 })]);
    const { outputs, masks } = await run(network, reference, [
      numbers([1, 3, 2], 9, 9, 9, 1, 0, 0),
    ]);
    expect(masks).toEqual([[[0, 1, 1]]]);
    expect(outputs).toEqual([
      [
        [
          [0, 0],
          [9, 1],
          [0, 0],
        ],
      ],
    ]);
    await check(() => layers.masking(), [floats([2, 3, 4], 1)]);
  });
});

describe('layers that change the shape', () => {
  it('flatten, and drop the mask', async () => {
    const { outputs } = await check(() => layers.flatten(), [floats([2, 3, 4], 1)]);
    expect(outputs[0].shape).toEqual([2, 12]);
    const network = stack(reference, { shape: [2, 1] }, [layers.masking(), layers.flatten()]);
    const { masks } = await run(network, reference, [numbers([1, 2, 1], 0, 1)]);
    expect(masks).toEqual([null]);
    const [shape] = layers.flatten().computeOutputShapes([[null]]);
    expect(shape).toEqual([null, 1]);
  });

  it('reshape', async () => {
    const { outputs } = await check(() => layers.reshape([-1, 2]), [floats([2, 3, 4], 1)]);
    expect(outputs[0].shape).toEqual([2, 6, 2]);
    expect(() => layers.reshape([5]).apply(input({ shape: [4] }))).toThrow(
      'reshape: expected an input whose 4 elements a sample fit targetShape [5], got [null,4]; change targetShape',
    );
    expect(() => layers.reshape([-1, -1])).toThrow(
      'reshape: expected at most one -1 in targetShape',
    );
  });

  it('repeat a vector', async () => {
    const { outputs } = await check(() => layers.repeatVector(3), [floats([2, 4], 1)]);
    expect(outputs[0].shape).toEqual([2, 3, 4]);
    expect(() => layers.repeatVector(1.5)).toThrow(
      'repeat_vector: expected n to be a positive whole number, got 1.5',
    );
  });
});

describe('pooling over time', () => {
  it('averages the steps that count', async () => {
    await check(() => layers.globalAveragePooling1D(), [floats([2, 3, 4], 1)]);
    const pooled = [layers.masking(), layers.globalAveragePooling1D({ keepDims: true })];
    const network = stack(reference, { shape: [3, 1] }, pooled);
    const x = numbers([2, 3, 1], 0, 2, 4, 0, 0, 0);
    expect(await run(network, reference, [x])).toEqual({
      outputs: [[[[3]], [[0]]]],
      masks: [null],
    });
  });

  it('takes the largest', async () => {
    await check(() => layers.globalMaxPooling1D(), [floats([2, 3, 4], 1)]);
  });
});

describe('layers of several inputs', () => {
  const pair = [floats([2, 3, 4], 1), floats([2, 3, 4], 2)];

  it.each(['add', 'subtract', 'multiply', 'average', 'maximum', 'minimum'] as const)(
    '%s',
    async (name) => {
      await check(() => layers[name](), pair);
    },
  );

  it('broadcast [batch, features] over time', async () => {
    const { outputs } = await check(() => layers.add(), [floats([2, 4], 1), pair[0]]);
    expect(outputs[0].shape).toEqual([2, 3, 4]);
  });

  it('concatenate', async () => {
    const { outputs } = await check(() => layers.concatenate(), [pair[0], floats([2, 3, 1], 3)]);
    expect(outputs[0].shape).toEqual([2, 3, 5]);
    await check(() => layers.concatenate({ axis: 1 }), [pair[0], floats([2, 5, 4], 3)]);
  });

  it('join masks as Keras does', async () => {
    const [a, b] = [input({ shape: [2, 1] }), input({ shape: [2, 1] })];
    const [x, y] = [layers.masking().apply(a), layers.masking().apply(b)];
    const outputs = [
      layers.add().apply([x, y]),
      layers.concatenate().apply([x, y]),
      layers.concatenate({ axis: 1 }).apply([x, b]),
      layers.add().apply([x, b]),
    ];
    const network = new Network({ inputs: [a, b], outputs });
    const data = [numbers([1, 2, 1], 0, 1), numbers([1, 2, 1], 0, 0)];
    const { masks } = await run(network, reference, data);
    expect(masks).toEqual([[[0, 1]], [[0, 1]], [[0, 1, 1, 1]], null]);
  });

  it('say what is wrong', () => {
    const [a, b] = [input({ shape: [2] }), input({ shape: [3] })];
    expect(() => layers.add().apply([a, b])).toThrow(
      'add: expected inputs whose shapes broadcast, got [null,2] and [null,3]; bring them to one shape',
    );
    expect(() => layers.add().apply([a])).toThrow('add: expected two inputs or more, got 1');
    expect(() => layers.subtract().apply([a, a, a])).toThrow(
      'subtract: expected 2 input(s), got 3',
    );
    expect(() => layers.concatenate({ axis: 0 }).apply([a, b])).toThrow(
      'concatenate: expected axes from 1 to 1 for an input of rank 2, got [0]; the batch is axis 0',
    );
    const c = input({ shape: [2, 3] });
    expect(() => layers.concatenate().apply([a, c])).toThrow(
      'concatenate: expected inputs of one shape but for axis 1, got [null,2], [null,2,3]',
    );
  });
});

describe('TimeDistributed', () => {
  it('uses a layer at every step', async () => {
    const { outputs, weights } = await check(
      () => layers.timeDistributed(layers.dense(3, { activation: 'tanh' })),
      [floats([2, 5, 4], 1)],
    );
    expect(outputs[0].shape).toEqual([2, 5, 3]);
    expect(weights).toEqual([
      ['time_distributed/dense/kernel', 4, 3],
      ['time_distributed/dense/bias', 3],
    ]);
    const flat = await check(
      () => layers.timeDistributed(layers.flatten()),
      [floats([2, 3, 4, 5], 1)],
    );
    expect(flat.outputs[0].shape).toEqual([2, 3, 20]);
  });

  it('passes a mask on, and masks sequences without a step', async () => {
    const network = stack(reference, { shape: [2, 1] }, [
      layers.masking(),
      layers.timeDistributed(layers.dense(1)),
    ]);
    const data = numbers([1, 2, 1], 0, 1);
    expect((await run(network, reference, [data])).masks).toEqual([[[0, 1]]]);
    const nested = stack(reference, { shape: [2, 3], dtype: 'int32' }, [
      layers.embedding(4, 2, { maskZero: true }),
      layers.timeDistributed(layers.globalAveragePooling1D()),
    ]);
    const { outputs, masks } = await run(nested, reference, [ints([1, 2, 3], 0, 0, 0, 2, 0, 2)]);
    expect(masks).toEqual([[[0, 1]]]);
    const [{ data: table }] = await nested.getWeights();
    expect(outputs).toEqual([[[[0, 0], Array.from(table.subarray(4, 6))]]]);
  });

  it('says what is wrong', () => {
    expect(() => layers.timeDistributed('dense' as never)).toThrow(
      "time_distributed: expected a layer, got 'dense'; write timeDistributed(dense(8))",
    );
    expect(() => layers.timeDistributed(layers.dense(1)).apply(input({ shape: [] }))).toThrow(
      'time_distributed: expected an input of rank 2 or more [batch, time, ...], got float32[null]',
    );
  });
});

describe('Input', () => {
  it('fixes the batch size if told to', () => {
    expect(input({ shape: [3], batchSize: 4 }).shape).toEqual([4, 3]);
    expect(input({ batchShape: [2, null], dtype: 'int32' }).shape).toEqual([2, null]);
  });

  it('says what is wrong', () => {
    expect(() => input({ shape: [0] })).toThrow(
      'input_layer: expected a shape of positive whole numbers and nulls, got [null,0]; write input({ shape: [steps, features] })',
    );
    expect(() => input({})).toThrow('got none');
    expect(() => input({ shape: [1], dtype: 'int64' as never })).toThrow(
      "input_layer: expected dtype to be one of float32, int32, got 'int64'",
    );
  });
});

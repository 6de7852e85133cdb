import { beforeAll, describe, expect, it } from 'vitest';
import type { Layer, SymbolicTensor } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { Dense } from '../../src/layers/dense.ts';
import type { PartialShape } from '../../src/layers/shapes.ts';
import { registerLayer } from '../../src/layers/custom_layers.ts';
import { Network } from '../../src/layers/network.ts';
import { setSeed } from '../../src/layers/seeds.ts';
import { cpu } from '../../src/cpu/device.ts';
import { loadModel } from '../../src/model/load.ts';
import { sequential } from '../../src/model/create.ts';
import { setDevice, tensor } from '../../src/tensor.ts';
import { reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { networkFromConfig, ints, numbers, reached, run, stack } from './support.ts';

const { dense, input } = layers;
beforeAll(() => setDevice(reference));

function names(network: Network): string[] {
  return network.layers.map((layer) => layer.name);
}

/** Says how often it was asked for the shape of its output, that is, how often layers were connected. */
class Counting extends Dense {
  static override readonly className: string = 'Counting';
  static asked = 0;
  override computeOutputShapes(shapes: readonly PartialShape[]) {
    Counting.asked++;
    return super.computeOutputShapes(shapes);
  }
}

describe('many layers', () => {
  const made = (count: number) =>
    Array.from({ length: count }, () => new Counting({ units: 1, useBias: false }));

  it('are connected once each, in a stack that is made, loaded or added to', async () => {
    const askedFor = async (make: () => unknown): Promise<number> => {
      Counting.asked = 0;
      await make();
      return Counting.asked;
    };
    registerLayer('Counting', (config) => new Counting(config));
    const all = (count: number) => new Network({ layers: [input({ shape: [1] }), ...made(count)] });
    const each = await askedFor(() => all(10));
    expect(await askedFor(() => all(40))).toBe(4 * each);
    const added = (count: number) => () => {
      const network = new Network({ layers: [input({ shape: [1] })] });
      for (const layer of made(count)) network.add(layer);
    };
    expect(await askedFor(added(40))).toBe(4 * (await askedFor(added(10))));
    const config = (count: number) => {
      const { layers: some } = all(count);
      return {
        layers: some.map((layer) => ({ className: layer.className, config: layer.getConfig() })),
      };
    };
    const [few, many] = [10, 40].map(config);
    const loaded = await askedFor(() => networkFromConfig(few));
    expect(await askedFor(() => networkFromConfig(many))).toBe(4 * loaded);
  });

  it('are made and loaded in a time that grows with their number', async () => {
    const device = cpu();
    const timeOf = async (count: number): Promise<number> => {
      const began = performance.now();
      const stack = Array.from({ length: count }, () => dense(1));
      const model = sequential([input({ shape: [1] }), ...stack], { device, seed: 1 });
      model.compile({ optimizer: 'sgd', loss: 'mse' });
      const loaded = await loadModel(await model.save(), { device });
      const time = performance.now() - began;
      expect(names(loaded).at(-1)).toBe(`dense_${count - 1}`);
      for (const one of [model, loaded]) one.dispose();
      return time;
    };
    await timeOf(100);
    // One after the other, since what else a machine does changes from second to second.
    const ratios: number[] = [];
    for (let round = 0; round < 5; round++) {
      const few = await timeOf(1000);
      ratios.push((await timeOf(4000)) / few);
    }
    // Four where it is linear, sixteen where it is quadratic.
    expect(ratios.sort((x, y) => x - y)[2]).toBeLessThan(10);
  });

  it('that do not fit are not added', () => {
    const network = new Network({ layers: [input({ shape: [1] }), dense(2)] });
    expect(() => network.add(layers.lstm(2))).toThrow(/^lstm: expected an input of rank 3/);
    network.add(dense(3));
    expect(names(network)).toEqual(['input_layer', 'dense', 'dense_1']);
    expect(network.outputs[0].shape).toEqual([null, 3]);
  });

  it('keep the names that they were given, wherever they stand', () => {
    const given = () => [dense(1), dense(1), dense(1, { name: 'dense_1' }), dense(1)];
    const expected = ['dense', 'dense_2', 'dense_1', 'dense_3'];
    expect(names(new Network({ layers: given() }))).toEqual(expected);
    const [first, ...rest] = given();
    const start = input({ shape: [1] });
    const outputs = rest.reduce((x, layer) => layer.apply(x), first.apply(start));
    expect(names(new Network({ inputs: start, outputs })).slice(1)).toEqual(expected);
  });
});

describe('a stack', () => {
  it('is built at once when its input is known', () => {
    const network = new Network({ layers: [input({ shape: [4] }), dense(3), dense(2)] });
    expect(network.built).toBe(true);
    expect(names(network)).toEqual(['input_layer', 'dense', 'dense_1']);
    expect(network.weights.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['dense/kernel', 4, 3],
      ['dense/bias', 3],
      ['dense_1/kernel', 3, 2],
      ['dense_1/bias', 2],
    ]);
    expect(network.countParams()).toBe(4 * 3 + 3 + 3 * 2 + 2);
    expect(network.outputs[0].shape).toEqual([null, 2]);
  });

  it('is built by the first data otherwise, with the input dtype of its first layer', async () => {
    const network = new Network({ layers: [] });
    network.add(layers.embedding(7, 3));
    network.add(layers.flatten());
    expect(network.built).toBe(false);
    expect(network.inputDtype).toBe('int32');
    expect(() => network.countParams()).toThrow(/sequential: expected a built layer/);
    const { outputs } = await run(network, reference, [ints([1, 2], 0, 6)]);
    expect((outputs[0] as number[][])[0]).toHaveLength(6);
    expect(network.inputs[0].dtype).toBe('int32');
    expect(names(network)).toEqual(['input_layer', 'embedding', 'flatten']);
  });

  it('that is built by data leaves open what may vary', async () => {
    const shapeOf = async (made: Layer[], data: Host) => {
      const network = new Network({ layers: made });
      await run(network, reference, [data]);
      return network.inputs[0].shape;
    };
    const x = floats([2, 3, 4], 1);
    expect(await shapeOf([layers.lstm(2)], x)).toEqual([null, null, 4]);
    expect(await shapeOf([layers.flatten(), dense(2)], x)).toEqual([null, 3, 4]);
    const ids = ints([1, 2], 0, 6);
    expect(await shapeOf([layers.embedding(7, 2), layers.gru(2)], ids)).toEqual([null, null]);
  });

  it('grows after it was built, and keeps its weights', async () => {
    const network = stack(reference, { shape: [2] }, [dense(3)]);
    const [before] = await network.getWeights();
    network.add(dense(1));
    const [after] = await network.getWeights();
    expect(after.data).toEqual(before.data);
    expect(network.weights).toHaveLength(4);
  });

  it('says what cannot be stacked', () => {
    const shared = dense(2);
    expect(() => new Network({ layers: [shared, shared] })).toThrow(
      "sequential: expected each layer once, got 'dense' again; use model({inputs, outputs}) to share a layer",
    );
    expect(() => new Network({ layers: [dense(2), input({ shape: [2] })] })).toThrow(
      'sequential: expected an input only at position 0, got one at position 1',
    );
    expect(() => new Network({ layers: ['dense' as never] })).toThrow(
      "sequential: expected layers, got 'dense' at position 0",
    );
    expect(() => new Network({ layers: [] }).buildFor([null, 3])).toThrow(
      'sequential: expected at least one layer before it is built',
    );
    expect(() => new Network({ layers: [dense(2)] }).buildFor()).toThrow(
      'sequential: expected to know the shape of the input before it is built; start it with input({ shape })',
    );
    const states = [input({ shape: [3, 2] }), layers.lstm(2, { returnState: true })];
    expect(() => new Network({ layers: states })).toThrow(
      "expected layers with one output, got 3 from 'lstm'; use model({inputs, outputs})",
    );
  });
});

describe('a graph', () => {
  it('has several inputs and outputs, and layers that are used twice', async () => {
    const [a, b] = [input({ shape: [2], name: 'left' }), input({ shape: [2], name: 'right' })];
    const shared = dense(2, { name: 'shared' });
    const joined = layers.concatenate().apply([shared.apply(a), shared.apply(b)]);
    const network = new Network({ inputs: [a, b], outputs: [joined, shared.apply(joined2(a, b))] });
    expect(names(network)).toEqual(['left', 'right', 'shared', 'concatenate', 'add']);
    shared.setWeights([
      [
        [1, 2],
        [3, 4],
      ],
      [10, 20],
    ]);
    const { outputs } = await run(network, reference, [
      numbers([1, 2], 1, 0),
      numbers([1, 2], 0, 1),
    ]);
    expect(outputs).toEqual([[[11, 22, 13, 24]], [[14, 26]]]);
    expect(reached(network, reference, [floats([3, 2], 1), floats([3, 2], 2)])).toEqual([
      'shared/kernel',
      'shared/bias',
    ]);
  });

  const joined2 = (a: SymbolicTensor, b: SymbolicTensor) => layers.add().apply([a, b]);

  it('says where it is disconnected', () => {
    const [a, b] = [input({ shape: [2] }), input({ shape: [2], name: 'second' })];
    const outputs = layers.add().apply([a, b]);
    expect(() => new Network({ inputs: a, outputs })).toThrow(
      "functional: the graph is disconnected: the outputs depend on input 'second', expected one of 'input_layer'; add 'second' to the inputs of the model",
    );
    expect(() => new Network({ inputs: [outputs], outputs: dense(1).apply(outputs) })).toThrow(
      'functional: expected inputs made by input(), got the symbolic tensor add float32[null,2]',
    );
    expect(() => new Network({ inputs: [a], outputs: [] })).toThrow(
      'functional: expected at least one input and one output, got 1 and 0',
    );
  });

  it('wants names that differ', () => {
    const x = input({ shape: [2] });
    const y = dense(2, { name: 'twin' }).apply(dense(2, { name: 'twin' }).apply(x));
    expect(() => new Network({ name: 'm', inputs: x, outputs: y })).toThrow(
      "m: expected layers with different names, got two named 'twin'; rename one, or leave the names out",
    );
    const z = dense(2, { name: 'dense' }).apply(dense(2).apply(x));
    expect(names(new Network({ inputs: x, outputs: z }))).toEqual([
      'input_layer',
      'dense_1',
      'dense',
    ]);
  });

  it('checks what it is given', () => {
    const network = stack(reference, { shape: [null, 4] }, [dense(3)]);
    const feed = (...shapes: number[][]) =>
      network.forward(shapes.map((shape) => tensor(new Float32Array(24), shape)));
    expect(() => feed([2, 3, 4], [2, 3, 4])).toThrow(
      'sequential: expected 1 input(s) (input_layer float32[null,null,4]), got 2 ([2,3,4], [2,3,4])',
    );
    expect(() => feed([6, 4])).toThrow(
      'input_layer: expected float32[null,null,4], got float32[6,4]; reshape or pad the data',
    );
    expect(() => network.forward([tensor(new Int32Array(24), [2, 3, 4])])).toThrow(
      'input_layer: expected an input of dtype float32, got int32[2,3,4]',
    );
    expect(() => network.forward([tensor([], [0, 3, 4])])).toThrow(
      'input_layer: expected at least one sample and one time step, got float32[0,3,4]',
    );
    expect(() => network.getLayer('gru')).toThrow(
      "sequential: expected the name of a layer (input_layer, dense), got 'gru'",
    );
  });

  it('is a layer of another one', async () => {
    const inner = new Network({ layers: [dense(3), dense(2)], name: 'inner' });
    const x = input({ shape: [4] });
    const network = new Network({ inputs: x, outputs: dense(1).apply(inner.apply(x)) });
    expect(network.weights.map((weight) => weight.name)).toEqual([
      'inner/dense/kernel',
      'inner/dense/bias',
      'inner/dense_1/kernel',
      'inner/dense_1/bias',
      'dense/kernel',
      'dense/bias',
    ]);
    const copy = await networkFromConfig(JSON.parse(JSON.stringify(network.getConfig())));
    copy.setWeights(await network.getWeights());
    const data = [floats([3, 4], 5)];
    expect(await run(copy, reference, data)).toEqual(await run(network, reference, data));
  });

  it('passes masks through a model inside', async () => {
    const inner = new Network({ layers: [layers.masking(), dense(2)] });
    const x = input({ shape: [3, 1] });
    const network = new Network({ inputs: x, outputs: inner.apply(x) });
    const { masks } = await run(network, reference, [numbers([1, 3, 1], 0, 5, 0)]);
    expect(masks).toEqual([[[0, 1, 0]]]);
  });
});

describe('weights', () => {
  const make = (seed?: number) => new Network({ layers: [input({ shape: [4] }), dense(3)], seed });

  it('are the same for the same seed, whatever was made before', async () => {
    dense(9);
    const [a] = await make(5).getWeights();
    make(6);
    const [b] = await make(5).getWeights();
    const [c] = await make(7).getWeights();
    expect(b.data).toEqual(a.data);
    expect(c.data).not.toEqual(a.data);
    setSeed(3);
    const first = [await make().getWeights(), await make().getWeights()];
    setSeed(3);
    const second = [await make().getWeights(), await make().getWeights()];
    expect(second).toEqual(first);
    expect(first[0][0].data).not.toEqual(first[1][0].data);
    expect(() => setSeed(-1)).toThrow(
      'setSeed: expected seed to be a whole number from 0 on, got -1',
    );
  });

  it('go out and come in, and are checked before any is changed', async () => {
    const network = make(1);
    const kernel = Array.from({ length: 4 }, (_, i) => [i, i + 1, i + 2]);
    network.setWeights([kernel, Float32Array.of(7, 8, 9)]);
    const weights = await network.getWeights();
    expect(weights.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['dense/kernel', 4, 3],
      ['dense/bias', 3],
    ]);
    expect(Array.from(weights[0].data)).toEqual(kernel.flat());
    expect(() => network.setWeights([kernel])).toThrow(
      'sequential: expected 2 weight arrays (dense/kernel [4,3], dense/bias [3]), got 1',
    );
    const zeros = { shape: [4, 3], data: new Float32Array(12) };
    expect(() => network.setWeights([zeros, [[1, 2, 3]]])).toThrow(
      'dense/bias: expected shape [3], got [1,3] with 3 values',
    );
    expect(() => network.setWeights([zeros, new Float32Array(2)])).toThrow(
      'dense/bias: expected shape [3], got [2] with 2 values; pass weights of such a layer',
    );
    // Which way round a kernel is, flat numbers do not say.
    expect(() => network.setWeights([new Float32Array(12), [1, 2, 3]])).toThrow(
      'dense/kernel: expected shape [4,3], got [12] with 12 values; give { data, shape: [4,3] } if they are in that order, row by row',
    );
    const other = tensor(zeros.data, [4, 3], 'float32', cpu());
    expect(() => network.setWeights([other, [1, 2, 3]])).toThrow(
      'dense/kernel: expected a float32 tensor on CPU, float64, got float32[4,3] on CPU, float32',
    );
    expect(Array.from((await network.getWeights())[0].data)).toEqual(kernel.flat());
  });

  it('that are frozen get no gradient', () => {
    const frozen = dense(3, { trainable: false });
    const network = stack(reference, { shape: [4] }, [frozen, dense(2)]);
    const data = [floats([2, 4], 1)];
    const all = ['dense/kernel', 'dense/bias', 'dense_1/kernel', 'dense_1/bias'];
    expect(network.trainableWeights.map((weight) => weight.name)).toEqual(all.slice(2));
    expect(network.nonTrainableWeights.map((weight) => weight.name)).toEqual(all.slice(0, 2));
    expect(reached(network, reference, data)).toEqual(all.slice(2));
    frozen.trainable = true;
    expect(reached(network, reference, data)).toEqual(all);
    network.trainable = false;
    expect(network.trainableWeights).toEqual([]);
    expect(() => reached(network, reference, data)).toThrow(/depends on no trainable variable/);
    network.trainable = true;
    expect(reached(network, reference, data)).toEqual(all);
  });
});

describe('the architecture as JSON', () => {
  it('comes back with shared layers, several inputs and the names', async () => {
    const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
    const shared = dense(2, { activation: 'gelu' });
    const outputs = [layers.add().apply([shared.apply(a), shared.apply(b)]), shared.apply(b)];
    const network = new Network({ name: 'pair', inputs: [a, b], outputs });
    const config = JSON.parse(JSON.stringify(network.getConfig()));
    const copy = await networkFromConfig(config, { seed: network.seed });
    expect(copy.getConfig()).toEqual(network.getConfig());
    expect(copy.className).toBe('Functional');
    const data = [floats([3, 2], 1), floats([3, 2], 2)];
    copy.setWeights(await network.getWeights());
    expect(await run(copy, reference, data)).toEqual(await run(network, reference, data));
  });

  it('of a stack keeps what is frozen', async () => {
    const network = stack(reference, { shape: [4] }, [dense(2, { trainable: false }), dense(1)]);
    const copy = await networkFromConfig(JSON.parse(JSON.stringify(network.getConfig())));
    expect(copy.className).toBe('Sequential');
    expect(copy.getConfig()).toEqual(network.getConfig());
    expect(copy.trainableWeights.map((weight) => weight.name)).toEqual([
      'dense_1/kernel',
      'dense_1/bias',
    ]);
  });

  it('says what is wrong with it', async () => {
    const of = (className: string) => ({ layers: [{ className, config: {} }] });
    await expect(networkFromConfig(of('Conv9D'))).rejects.toThrow(
      /^model config: expected a layer class of Activation, .*, got 'Conv9D'; register your own/,
    );
    await expect(networkFromConfig(of('__proto__'))).rejects.toThrow(/got '__proto__'/);
    await expect(networkFromConfig({} as never)).rejects.toThrow(
      "expected an object with an array 'layers'",
    );
    const network = stack(reference, { shape: [4] }, [dense(2)]);
    const x = input({ shape: [4] });
    const graph = new Network({ inputs: x, outputs: network.apply(x) }).getConfig() as any;
    await expect(networkFromConfig({ ...graph, outputs: [[5, 0]] })).rejects.toThrow(
      'model config: expected a call before number 2, got output 0 of call 5',
    );
    graph.calls[1].layer = 'nobody';
    await expect(networkFromConfig(graph)).rejects.toThrow(
      "model config: expected a layer of input_layer, sequential, got 'nobody'",
    );
  });
});

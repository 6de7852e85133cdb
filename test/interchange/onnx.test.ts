/** Models of ONNX: what they answer, that they train, and what is refused. */
import { describe, expect, it } from 'vitest';
import { backward, loadModel, ops, optimizers, scope, tensor } from '../../src/index.ts';
import type { Model, Tensor } from '../../src/index.ts';
import { inspectFile, loadOnnx, readOnnx } from '../../src/interchange/index.ts';
import type { OnnxOptions } from '../../src/interchange/index.ts';
import { reference, testedDevices } from '../support/devices.ts';
import { expectOutputs, formatFile, loadFormats } from '../support/formats.ts';
import type { FormatTensor } from '../support/formats.ts';
import { int, node, onnxFile, part } from '../support/onnx.ts';
import type { OnnxGraphParts, OnnxNode } from '../support/onnx.ts';
import { numbers, OPERATORS, RECURRENT } from '../support/onnx-graphs.ts';
import type { OnnxExample } from '../support/onnx-graphs.ts';
import { mutations } from '../support/mutations.ts';
import { joinBytes } from '../support/zip.ts';

const device = await testedDevices[0].open();
const cases = await loadFormats('onnx');
const fixture = (name: string) =>
  formatFile('onnx', name.startsWith('export') ? `${name}.gz` : name);

const inputs = (given: readonly FormatTensor[]) =>
  Object.fromEntries(
    given.map(({ name, dtype, shape, data }) => [
      name,
      { data: dtype.startsWith('int') ? Int32Array.from(data) : Float32Array.from(data), shape },
    ]),
  );

describe('models of other programs', () => {
  it.each([...cases.keys()])('computes what ONNX Runtime does: %s', async (file) => {
    const { more_runs: more = [], ...first } = cases.get(file)!;
    for (const testedDevice of testedDevices) {
      const model = await loadOnnx(await fixture(file), { device: await testedDevice.open() });
      for (const run of [first, ...(more as (typeof first)[])])
        await expectOutputs(await model.predict(inputs(run.inputs)), run.outputs);
      model.dispose();
    }
  });

  it('trains with fit, the batch on another axis in the file', async () => {
    const model = await loadOnnx(await fixture('export_gru_dynamo.onnx'), { device, batchAxis: 1 });
    const [x, h0] = [numbers([6, 7, 3]), numbers([6, 2, 5])];
    const [y, hn] = [numbers([6, 7, 5]), numbers([6, 2, 5])];
    expect(model.inputs.map(({ shape }) => shape)).toEqual([
      [null, 7, 3],
      [null, 2, 5],
    ]);
    model.compile({
      optimizer: optimizers.adam({ learningRate: 0.02 }),
      loss: { y: 'meanSquaredError', h_n: 'meanSquaredError' },
    });
    const { history } = await model.fit(
      { x, h0 },
      { y, h_n: hn },
      { epochs: 30, batchSize: 3, verbose: 0 },
    );
    expect(history.loss.at(-1)!).toBeLessThan(0.8 * history.loss[0]);
  });

  it('learns through an embedding and an LSTM', async () => {
    const model = await loadOnnx(await fixture('export_lstm.onnx'), { device });
    const tokens = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10, 11, 12],
      [13, 14, 0, 1],
    ];
    const y = numbers([4, 4, 6]);
    model.compile({
      optimizer: optimizers.adam({ learningRate: 0.02 }),
      loss: { probabilities: 'sparseCategoricalCrossentropy', y: 'meanSquaredError' },
      lossWeights: { probabilities: 1, y: 0 },
    });
    await model.fit({ tokens }, { probabilities: [0, 1, 2, 0], y }, { epochs: 60, verbose: 0 });
    const [probabilities] = await model.predict<Tensor[]>({ tokens });
    const rows = (await probabilities.array()) as number[][];
    expect(rows.map((row) => row.indexOf(Math.max(...row)))).toEqual([0, 1, 2, 0]);
  });
});

// ---- training through every operator ----------------------------------------------------------------------------------

/** The sum over all outputs times numbers of their own. */
function weighed(model: Model, feed: OnnxExample['feed']): Tensor {
  const x = Object.fromEntries(
    Object.entries(feed).map(([name, { data, shape, type = 'float32' }]) => [
      name,
      { data: (type === 'float32' ? Float32Array : Int32Array).from(data), shape },
    ]),
  );
  const outputs = [model.call<Tensor | Tensor[]>(x)].flat();
  return outputs
    .map((y, i) => {
      const { data } = numbers(y.shape, 20 + i);
      const seed = tensor(Float32Array.from(data), y.shape, 'float32', y.device);
      return ops.sum(ops.mul(y, seed));
    })
    .reduce((a, b) => ops.add(a, b));
}

describe('gradients through', () => {
  it.each(Object.entries({ ...OPERATORS, ...RECURRENT }))('%s', async (_, one) => {
    const model = await loadOnnx(onnxFile(one.graph, one.opset), { device: reference });
    const weights = model.trainableWeights;
    const own = await Promise.all(weights.map((weight) => weight.data()));
    const directions = weights.map(({ shape }, k) => numbers(shape, 30 + k).data);
    const valueAt = async (step: number): Promise<number> => {
      weights.forEach((weight, k) =>
        weight.assign(Float64Array.from(own[k], (value, i) => value + step * directions[k][i])),
      );
      return (await scope(() => weighed(model, one.feed)).data())[0];
    };
    const step = 1e-5;
    const numeric = ((await valueAt(step)) - (await valueAt(-step))) / (2 * step);
    await valueAt(0);
    const gradients = scope(() => {
      const found = backward(weighed(model, one.feed));
      return weights.map((weight) => found.get(weight));
    });
    let analytic = 0;
    let size = 1e-3;
    for (const [k, gradient] of gradients.entries())
      // What is only compared has none.
      (await gradient?.data())?.forEach((value: number, i: number) => {
        analytic += value * directions[k][i];
        size += Math.abs(value * directions[k][i]);
      });
    expect(Math.abs(analytic - numeric) / size).toBeLessThan(1e-6);
    // A graph that loses its weights on the way has no gradient at all.
    expect(size).toBeGreaterThan(0.01);
    model.dispose();
  });
});

describe('recurrent nodes that are clipped', () => {
  const { graph } = RECURRENT['LSTM, defaults'];
  const [T, B, I] = graph.inputs!.X.slice(1) as number[];
  const feed = { X: numbers([T, B, I], 4, 60) };
  const file = (clip: number) => {
    const [one] = graph.nodes;
    return onnxFile({
      ...graph,
      nodes: [{ ...one, attributes: { ...one.attributes, clip: { float: clip } } }],
    });
  };
  /** Dispatches of a prediction, and what it gives. */
  async function run(bytes: Uint8Array<ArrayBuffer>): Promise<[number, number[]]> {
    const model = await loadOnnx(bytes, { device: reference });
    const own = reference.run.bind(reference);
    let count = 0;
    reference.run = (...given: Parameters<typeof own>) => {
      count++;
      own(...given);
    };
    try {
      const [y] = await model.predict<Tensor[]>(inputsOf(feed));
      return [count, Array.from(await y.data())];
    } finally {
      reference.run = own;
      model.dispose();
    }
  }
  const inputsOf = (given: OnnxExample['feed']) =>
    Object.fromEntries(
      Object.entries(given).map(([name, { data, shape }]) => [
        name,
        { data: Float32Array.from(data), shape },
      ]),
    );

  it('are one operation where clipping changes nothing', async () => {
    const [plain, expected] = await run(onnxFile(graph));
    const [wide, found] = await run(file(17));
    expect(wide).toBe(plain);
    expect(found).toEqual(expected);
    // It does change what goes in, and what a lower limit gives.
    const [narrow, other] = await run(file(16));
    expect(narrow).toBeGreaterThan(2 * plain);
    other.forEach((value, k) => expect(Math.abs(value - expected[k])).toBeLessThan(1e-5));
    const [, low] = await run(file(1));
    expect(low.some((value, k) => Math.abs(value - expected[k]) > 0.01)).toBe(true);
  });
});

// ---- what is asked for, and what is refused ---------------------------------------------------------------------------

const INFO = ['float32', 'n', 2] as const;
/** y = f(x) of some nodes. */
const simple = (
  nodes: readonly OnnxNode[],
  more: Partial<OnnxGraphParts> = {},
): Uint8Array<ArrayBuffer> =>
  onnxFile({ nodes, inputs: { x: INFO }, outputs: { y: INFO }, ...more });
const load = (file: Uint8Array<ArrayBuffer>, options: OnnxOptions = {}): Promise<Model> =>
  loadOnnx(file, { device, ...options });

describe('loadOnnx', () => {
  it('fixes inputs and chooses branches by them', async () => {
    const branch = (op: string, weight: string) => ({
      nodes: [node(op, ['x', weight], ['chosen'])],
      weights: { [weight]: { shape: [2], data: [2, 3] } },
      outputs: { chosen: INFO },
    });
    const file = simple(
      [
        node('Equal', ['sr', 'rate'], ['same']),
        node('If', ['same'], ['y'], {
          then_branch: { graph: branch('Mul', 'factor') },
          else_branch: { graph: branch('Foo', 'other') },
        }),
      ],
      {
        inputs: { x: INFO, sr: ['int64'] },
        weights: { rate: { shape: [], data: [16000], type: 'int64' } },
      },
    );
    const model = await load(file, { fixed: { sr: 16000 } });
    expect(model.weights.map(({ name }) => name)).toEqual(['onnx_graph/factor']);
    const y = await model.predict([[1, -1]], { as: 'array' });
    expect(y).toEqual([[2, -3]]);
    await expect(load(file, { fixed: { sr: 8000 } })).rejects.toThrow(/node 'chosen'.*got Foo/);
    await expect(load(file)).rejects.toThrow(/'sr', a single number; fix it/);
    await expect(load(file, { fixed: { rs: 1 } })).rejects.toThrow(
      /inputs of the model \(x, sr\), got 'rs'/,
    );
  });

  it('leaves frozen weights and statistics as they are, and takes saved weights', async () => {
    const file = simple(
      [
        node('Mul', ['x', 'a'], ['m']),
        node('BatchNormalization', ['m', 'g', 'b', 'mean', 'var'], ['y']),
      ],
      {
        weights: Object.fromEntries(
          ['a', 'g', 'b', 'mean', 'var'].map((name, k) => [
            name,
            { shape: [2], data: [1 + k, 2 + k] },
          ]),
        ),
      },
    );
    const model = await load(file, { frozen: ['a'] });
    const names = (list: readonly { name: string }[]) => list.map(({ name }) => name.slice(11));
    expect(names(model.trainableWeights)).toEqual(['g', 'b']);
    expect(names(model.nonTrainableWeights)).toEqual(['a', 'mean', 'var']);
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.fit([[1, 2]], [[0, 0]], { epochs: 3, verbose: 0 });
    const again = await load(file);
    await again.loadWeights(await model.save());
    const x = [[0.5, -1]];
    expect(await again.predict(x, { as: 'array' })).toEqual(
      await model.predict(x, { as: 'array' }),
    );
    await expect(load(file, { frozen: ['men'] })).rejects.toThrow(/got 'men'/);
  });

  it('is no layer that loadModel makes, which says what to do', async () => {
    const weights = { w: numbers([2, 2]) };
    const model = await load(simple([node('MatMul', ['x', 'w'], ['y'])], { weights }));
    const again = { device };
    await expect(loadModel(await model.save(), again)).rejects.toThrow(
      /got 'OnnxGraph'; load the \.onnx file again with loadOnnx\(\), and then call loadWeights\(\)/,
    );
    const step = onnxFile({
      nodes: [node('MatMul', ['h', 'w'], ['m']), node('Add', ['x', 'm'], ['next'])],
      inputs: { x: INFO, h: INFO },
      outputs: { next: INFO, m: INFO },
      weights,
    });
    const cell = await load(step, { states: { h: 'next' } });
    await expect(loadModel(await cell.save(), again)).rejects.toThrow(
      /got 'OnnxCell'; load the \.onnx file again/,
    );
  });

  it('names operators that are not here, with their nodes', async () => {
    await expect(load(simple([node('Det', ['x'], ['y'])]))).rejects.toThrow(
      "node 'y': expected operators that are here, got Det",
    );
    const foreign = { ...node('Add', ['x', 'x'], ['y']), domain: 'com.microsoft' };
    await expect(load(simple([foreign]))).rejects.toThrow('got com.microsoft.Add');
  });

  it('names the node that a value does not fit', async () => {
    const model = await load(
      simple([node('MatMul', ['x', 'w'], ['y'])], { weights: { w: numbers([3, 2]) } }),
    );
    expect(() => model.call([[1, 2]])).toThrow(/node 'y' \(MatMul\).*expected one inner extent/);
  });

  it.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['no model', joinBytes(int(1, 8)), /expected a model of ONNX, got none/],
    ['a value that nothing gives', simple([node('Relu', ['z'], ['y'])]), /got 'z'/],
    ['a value twice', simple([node('Relu', ['x'], ['x'])]), /two called 'x'/],
    [
      'extents beyond any tensor',
      simple([node('Add', ['x', 'w'], ['y'])], {
        weights: { w: { shape: [2 ** 31, 2], data: [] } },
      }),
      /tensor 'w': expected extents that a tensor can have/,
    ],
    [
      'fewer values than the shape says',
      simple([node('Add', ['x', 'w'], ['y'])], { weights: { w: { shape: [5], data: [1] } } }),
      /tensor 'w': expected 20 bytes .* got 4/,
    ],
    [
      'constants that would fill the memory',
      simple([node('ConstantOfShape', ['s'], ['c']), node('Add', ['x', 'c'], ['y'])], {
        weights: { s: { shape: [2], data: [2 ** 20, 2 ** 20], type: 'int64' } },
      }),
      /node 'c' \(ConstantOfShape\): expected constants .* at most/,
    ],
    [
      'a field that ends after the file',
      joinBytes(part(7, 'x').subarray(0, 2)),
      /byte 1: expected/,
    ],
    ['a group', Uint8Array.of(0x3b), /wire type 3/],
  ])('refuses %s', async (_, file, message) => {
    await expect(load(file)).rejects.toThrow(message);
  });

  it('refuses graphs within graphs without an end', async () => {
    let graph = part(1, part(4, 'If'));
    for (let k = 0; k < 60; k++) graph = part(1, part(5, part(6, graph)));
    await expect(load(joinBytes(part(7, graph)))).rejects.toThrow(/at most 64 messages inside/);
  });

  it('reads values from files that are given, and from no other folder', async () => {
    const entry = (key: string, value: string) => part(13, joinBytes(part(1, key), part(2, value)));
    const file = (location: string, offset: string): Uint8Array<ArrayBuffer> => {
      const facts = [entry('location', location), entry('offset', offset)];
      const tensor = joinBytes(int(1, 2), int(2, 1), part(8, 'w'), ...facts, int(14, 1));
      const rest = simple([node('Add', ['x', 'w'], ['y'])]);
      // A second graph is the same message going on.
      return joinBytes(rest.subarray(0, 10), part(7, joinBytes(graphOf(rest), part(5, tensor))));
    };
    const data = new Uint8Array(Float32Array.of(9, 1, 2).buffer);
    const model = await load(file('a.bin', '4'), { externalData: { 'a.bin': data } });
    expect(await model.predict([[1, 1]], { as: 'array' })).toEqual([[2, 3]]);
    await expect(load(file('a.bin', '4'))).rejects.toThrow(/in the file 'a.bin'; give it/);
    await expect(load(file('a.bin', '8'), { externalData: { 'a.bin': data } })).rejects.toThrow(
      /expected 8 bytes from byte 8 of 'a.bin' on, got 4/,
    );
    for (const place of ['../a.bin', '/etc/passwd', 'a/../../b', 'C:\\a', 'https://host/a', ''])
      await expect(load(file(place, '0'), { externalData: { [place]: data } })).rejects.toThrow(
        /in a file of the same folder/,
      );
  });

  it('throws errors that name file and place for whatever is damaged', async () => {
    for (const name of ['if_constant.onnx', 'export_lstm.onnx'])
      await mutations(
        await fixture(name),
        200,
        (damaged) => load(damaged),
        /^(the file|onnx_graph)/,
      );
  });
});

/** The graph in the bytes of a model. */
function graphOf(file: Uint8Array): Uint8Array {
  // After the version and the producer; its length takes one byte or two.
  const at = 2 + 2 + 'a test'.length;
  const long = file[at + 1] > 127;
  const length = long ? (file[at + 1] & 127) + 128 * file[at + 2] : file[at + 1];
  return file.subarray(at + (long ? 3 : 2), at + (long ? 3 : 2) + length);
}

describe('BatchNormalization', () => {
  it('with the statistics of a batch is refused', async () => {
    const names = ['g', 'b', 'm', 'v'];
    const model = await load(
      simple([node('BatchNormalization', ['x', ...names], ['y'], { training_mode: 1 })], {
        weights: Object.fromEntries(names.map((name) => [name, numbers([2])])),
      }),
    );
    expect(() => model.call([[1, 2]])).toThrow(
      /node 'y' \(BatchNormalization\).*got training_mode 1.*export the model for inference/,
    );
  });
});

describe('what is in a file', () => {
  it('is told without making a model', async () => {
    const bytes = await fixture('if_constant.onnx');
    const facts = await inspectFile(bytes);
    expect(facts.kind).toBe('ONNX opset 17, by hand');
    expect(facts.layers.map(({ className }) => className)).toContain('Det');
    expect(facts.tensors).toContainEqual({
      name: 'tW',
      shape: [1, 12, 3],
      type: 'float32',
      bytes: 144,
    });
    expect(facts.others).toEqual([
      'input x float32[steps, batch, 3]',
      'output probabilities float32[batch, 2]',
    ]);
    const tensors = await readOnnx(bytes);
    expect([...tensors.keys()]).toContain('M');
    expect(tensors.get('axis0')).toEqual({
      shape: [1],
      type: 'int64',
      data: Int32Array.of(0),
    });
  });
});

// ---- a step with states -----------------------------------------------------------------------------------------------

describe('a graph that is a step', () => {
  const [F, H] = [2, 3];
  const weights = {
    p: numbers([F, F], 3),
    W: numbers([1, 3 * H, F], 4),
    R: numbers([1, 3 * H, H], 5, 0.5),
    B: numbers([1, 6 * H], 6, 0.4),
    first: { shape: [1], data: [0], type: 'int64' },
    wide: { shape: [1], data: [-1], type: 'int64' },
  } as const;
  const gru = node('GRU', ['t', 'W', 'R', 'B', '', 'h'], ['', 'next'], { linear_before_reset: 1 });
  /** x goes through a product, and through shapes that follow from it; h [1,n,H] is the state. */
  const step = onnxFile({
    nodes: [
      node('MatMul', ['x', 'p'], ['m']),
      node('Transpose', ['m'], ['turned']),
      node('Transpose', ['turned'], ['back']),
      node('Shape', ['back'], ['shape']),
      node('Concat', ['one', 'shape'], ['wanted'], { axis: 0 }),
      node('Reshape', ['back', 'wanted'], ['t']),
      gru,
      node('Squeeze', ['next', 'first'], ['y']),
    ],
    inputs: { x: ['float32', 'n', F], h: ['float32', 1, 'n', H] },
    outputs: { y: ['float32', 'n', H], next: ['float32', 1, 'n', H] },
    weights: { ...weights, one: { shape: [1], data: [1], type: 'int64' } },
  });
  const whole = onnxFile({
    nodes: [
      node('MatMul', ['x', 'p'], ['t']),
      node('GRU', ['t', 'W', 'R', 'B'], ['Y'], { linear_before_reset: 1 }),
      node('Squeeze', ['Y', 'axis'], ['y']),
    ],
    inputs: { x: ['float32', 'time', 'n', F] },
    outputs: { y: ['float32', 'time', 'n', H] },
    weights: { ...weights, axis: { shape: [1], data: [1], type: 'int64' } },
  });
  const states = { h: 'next' };
  const x = numbers([4, 5, F], 9);

  it('goes through sequences as the same graph over the whole does', async () => {
    const [one, all] = [await load(step, { states }), await load(whole, { batchAxis: 1 })];
    expect(one.inputs.map(({ shape }) => shape)).toEqual([[null, null, F]]);
    const found = await (await one.predict<Tensor>(x)).data();
    const expected = await (await all.predict<Tensor>(x)).data();
    found.forEach((value: number, i: number) => expect(value).toBeCloseTo(expected[i], 6));
  });

  it('streams', async () => {
    const model = await load(step, { states });
    const expected = await (await model.predict<Tensor>(x)).data();
    const stream = model.stream({ streams: 4 });
    for (let t = 0; t < 5; t++) {
      const rows = Float32Array.from({ length: 4 * F }, (_, i) => {
        const [b, f] = [Math.floor(i / F), i % F];
        return x.data[(b * 5 + t) * F + f];
      });
      const y = await stream.step({ data: rows, shape: [4, F] });
      for (let i = 0; i < y.length; i++)
        expect(y[i]).toBeCloseTo(expected[(Math.floor(i / H) * 5 + t) * H + (i % H)], 5);
    }
    stream.dispose();
  });

  it('has the gradients of the whole, through time', async () => {
    const on = { device: reference };
    const models = [
      await load(step, { states, ...on }),
      await load(whole, { batchAxis: 1, ...on }),
    ];
    const found = await Promise.all(
      models.map(async (model) => {
        const gradients = scope(() => {
          const all = backward(weighed(model, { x }));
          return model.trainableWeights.map((weight) => all.get(weight)!);
        });
        const names = model.trainableWeights.map(({ name }) => name.replace(/^.*\//, ''));
        const values = await Promise.all(gradients.map((gradient) => gradient.data()));
        return new Map(names.map((name, i) => [name, Array.from(values[i])]));
      }),
    );
    expect([...found[0].keys()].sort()).toEqual(['B', 'R', 'W', 'p']);
    for (const [name, values] of found[0])
      values.forEach((value, i) => expect(value).toBeCloseTo(found[1].get(name)![i], 10));
  });

  it('says what is wrong about states', async () => {
    await expect(load(step, { states: { hh: 'next' } })).rejects.toThrow(
      /states among the inputs \(x, h\), got 'hh'/,
    );
    await expect(load(step, { states: { h: 'nxt' } })).rejects.toThrow(/did you mean 'next'/);
  });
});

/**
 * Weights of inference in float16. Where the GPU lacks them (SwiftShader does) it says so, and only the twin's are looked at; a run
 * under GATEFOLD_FLOAT16=required fails there.
 */
import { describe, expect, it } from 'vitest';
import type { Device, SequenceOptions, Variant } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import { decodeFloat16, encodeFloat16, toFloat16 } from '../../src/float16.ts';
import type { Layer, SymbolicTensor } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { loadModel } from '../../src/model/load.ts';
import { sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import { findGpu } from '../../src/webgpu/adapter.ts';
import { link } from '../../src/webgpu/link.ts';
import { webgpu } from '../../src/webgpu/load.ts';
import type { ObservableDevice } from '../../src/webgpu/observer.ts';
import { KERNELS } from '../../src/webgpu/shaders.generated.ts';
import { expectClose } from '../support/check.ts';
import { environment, gpu, openWasm, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const rawOf = (device: Device): GPUDevice => (device as ObservableDevice).gpu;
const offered = rawOf(await gpu()).features.has('shader-f16');

async function predicted(model: Model, x: Host): Promise<ArrayLike<number>> {
  const output = await model.predict(x, { batchSize: 128 });
  const values = await output.data();
  output.dispose();
  return values;
}

/** A small model with weights of every kind. */
const classifier = (device: Device): Model =>
  sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(32, 8),
      layers.bidirectional(layers.gru(8, { returnSequences: true })),
      layers.timeDistributed(layers.dense(16, { activation: 'tanh' })),
      layers.layerNormalization(),
      layers.lstm(16),
      layers.dense(4, { activation: 'softmax' }),
    ],
    { device, seed: 1 },
  );
const QUANTIZED = [
  'embedding/embeddings',
  'bidirectional/forward_gru/kernel',
  'bidirectional/forward_gru/recurrent_kernel',
  'bidirectional/backward_gru/kernel',
  'bidirectional/backward_gru/recurrent_kernel',
  'time_distributed/dense/kernel',
  'lstm/kernel',
  'lstm/recurrent_kernel',
  'dense/kernel',
];

describe('the numbers of float16', () => {
  it('go to bits and back, all of them', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
    const values = decodeFloat16(all);
    const finite = all.filter((bits) => Number.isFinite(values[bits]));
    expect(finite.length).toBe(2 * 31 * 1024);
    // There is one zero.
    const expected = finite.map((bits) => (bits === 0x8000 ? 0 : bits));
    const written = encodeFloat16(Array.from(finite, (bits) => values[bits]));
    expect(Array.from(written)).toEqual(Array.from(expected));
    expect(values[0x3c00]).toBe(1);
    expect(values[0xfbff]).toBe(-65504);
    expect(values[1]).toBe(2 ** -24);
    expect(values[0x7c00]).toBe(Infinity);
    expect(values[0x7e00]).toBe(NaN);
  });

  it('are the nearest, the even one of two, as binary search finds them', () => {
    const positive = Array.from(
      decodeFloat16(Uint16Array.from({ length: 31 * 1024 }, (_, bits) => bits)),
    );
    const nearest = (x: number): number => {
      let [low, high] = [0, positive.length - 1];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (positive[middle] <= x) low = middle;
        else high = middle;
      }
      const [below, above] = [x - positive[low], positive[high] - x];
      return positive[below === above ? low + (low % 2) : below < above ? low : high];
    };
    const { data } = floats([4000], 5);
    for (let i = 0; i < data.length; i++) {
      const x = Math.abs(data[i]) * 2 ** ((i % 42) - 27);
      if (x <= 65504) expect(toFloat16(-x), String(x)).toBe(-nearest(x) + 0);
    }
    for (let i = 0; i + 1 < positive.length; i += 7) {
      const tie = (positive[i] + positive[i + 1]) / 2;
      expect(toFloat16(tie)).toBe(positive[i + (i % 2)]);
    }
    expect(() => toFloat16(65505)).toThrow(
      /float16: expected a number of at most 65504 in magnitude, got 65505/,
    );
    expect(() => toFloat16(NaN)).toThrow(/got NaN/);
  });
});

describe('quantize', () => {
  it('is offered by a GPU where it has to be', () => {
    expect(offered || environment?.GATEFOLD_FLOAT16 !== 'required').toBe(true);
  });

  it('rounds the matrices, leaves the rest, and says what it did', async () => {
    const model = classifier(cpu());
    const before = await model.getWeights();
    const found = await model.quantize('float16');
    const after = await model.getWeights();
    expect(found.map(({ name }) => name)).toEqual(QUANTIZED);
    before.forEach(({ name, shape, data }, i) => {
      const rounded = found.find((weight) => weight.name === name);
      const values = after[i].data;
      if (!rounded) {
        expect(Array.from(values), name).toEqual(Array.from(data));
        return;
      }
      expect(Array.from(values), name).toEqual(Array.from(data, toFloat16));
      expect(rounded.shape).toEqual(shape);
      const errors = Array.from(data, (value, k) => values[k] - value);
      expect(rounded.maxError).toBe(Math.max(...errors.map(Math.abs)));
      expectClose([rounded.relativeError], [Math.hypot(...errors) / Math.hypot(...data)], name);
      expect(rounded.relativeError).toBeGreaterThan(0);
      expect(rounded.relativeError).toBeLessThan(2 ** -11);
    });
    model.dispose();
  });

  it('leaves a model that predicts and evaluates, is saved, and is not trained', async () => {
    const model = classifier(cpu());
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    const x = integers([6, 5], 3, 0, 32);
    const y = integers([6], 4, 0, 4);
    await model.trainOnBatch(x, y);
    await model.quantize('float16');
    const expected = await predicted(model, x);
    const loss = (await model.evaluate(x, y, { verbose: 0 })).loss;
    for (const refused of [
      () => model.fit(x, y),
      () => model.trainOnBatch(x, y),
      () => model.quantize('float16'),
    ])
      await expect(refused()).rejects.toThrow(
        /: expected float32 weights, got 'sequential' after quantize\(\).*load the model again/,
      );
    const loaded = await loadModel(await model.save(), { device: cpu() });
    expect(Array.from(await predicted(loaded, x))).toEqual(Array.from(expected));
    expectClose([(await loaded.evaluate(x, y, { verbose: 0 })).loss], [loss], 'loss');
    await loaded.trainOnBatch(x, y);
    // What is assigned is rounded too.
    const values = await loaded.getWeights();
    model.setWeights(values);
    const [table] = await model.getWeights();
    expect(Array.from(table.data)).toEqual(Array.from(values[0].data, toFloat16));
    model.dispose();
    loaded.dispose();
  });

  it('refuses a weight beyond float16, an unknown mode and a model without weights, and changes nothing', async () => {
    const device = cpu();
    const model = classifier(device);
    const lstm = model.layers.find((layer) => layer.name === 'lstm')!;
    const weights = await lstm.getWeights();
    weights[1].data[7] = -65505;
    lstm.setWeights(weights);
    const before = device.stats();
    await expect(model.quantize('float16')).rejects.toThrow(
      /quantize: lstm\/recurrent_kernel: float16: expected a number of at most 65504 in magnitude, got -65505/,
    );
    expect(model.weights.every(({ dtype }) => dtype === 'float32')).toBe(true);
    expect(device.stats().bytes).toBe(before.bytes);
    await expect(model.quantize('int8')).rejects.toThrow(/expected 'float16', got 'int8'/);
    const unbuilt = sequential([layers.dense(2)], { device });
    await expect(unbuilt.quantize('float16')).rejects.toThrow(
      /expected a built layer, got one without weights/,
    );
    model.dispose();
  });
});

// ---- how far rounding may move an output --------------------------------------------------------------------------------

/** What rounding moves a weight by at most: half a unit of its 11 bits, or of the smallest float16. */
const moved = (w: number): number => Math.max(2 ** -11 * Math.abs(w), 2 ** -25);

/** The largest sum of `size(w)` in a column of a matrix with `columns` columns. */
function largestColumn(
  data: ArrayLike<number>,
  columns: number,
  size: (w: number) => number,
): number {
  const sums = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) sums[i % columns] += size(data[i]);
  return Math.max(...sums);
}

/**
 * How far the state of a cell can be off after T steps. What goes into its activations is off by at most `a`: of the input
 * max|x| times the errors of W, of the state (|h| <= 1) those of R, and R times how far the state is off. tanh passes an error on
 * at most whole, sigmoid a quarter of it.
 */
function bound(
  cell: string,
  x: Host,
  [W, R]: readonly { shape: readonly number[]; data: ArrayLike<number> }[],
): number {
  const [, T] = x.shape;
  const reach = Math.max(...Array.from(x.data, Math.abs));
  const [, columns] = W.shape;
  const rounding =
    reach * largestColumn(W.data, columns, moved) + largestColumn(R.data, columns, moved);
  const norm = (1 + 2 ** -11) * largestColumn(R.data, columns, Math.abs);
  let h = 0;
  let c = 0;
  for (let t = 1; t <= T; t++) {
    const a = rounding + norm * h;
    if (cell === 'simpleRNN') h = a;
    else if (cell === 'lstm') {
      // c' = f∘c + i∘g with |c| <= t-1; h' = o∘tanh(c').
      c += (a * (t - 1)) / 4 + a / 4 + a;
      h = c + a / 4;
    }
    // h' = z∘h + (1-z)∘n with |h-n| <= 2; n = tanh(x + r∘hR) with |hR| <= norm.
    else h = a / 2 + Math.max(h, a + (a * norm) / 4);
  }
  return h;
}

describe.each([
  ['simpleRNN', layers.simpleRNN],
  ['lstm', layers.lstm],
  ['gru', layers.gru],
] as [string, (units: number) => Layer][])('rounding the weights of %s', (name, cell) => {
  it('moves outputs no farther than the errors of the weights can', async () => {
    const model = sequential([layers.input({ shape: [null, 5] }), cell(12)], {
      device: reference,
      seed: 3,
    });
    // Recurrent weights so small that the bound is one: errors then die out.
    const [W, R, ...rest] = await model.getWeights();
    model.setWeights([W, { ...R, data: R.data.map((value) => value / 8) }, ...rest]);
    const x = floats([9, 4, 5], 8);
    const before = await predicted(model, x);
    const limit = bound(name, x, await model.getWeights());
    await model.quantize('float16');
    const after = await predicted(model, x);
    const differences = Array.from(after, (value, i) => Math.abs(value - before[i]));
    expect(Math.max(...differences)).toBeGreaterThan(0);
    expect(Math.max(...differences)).toBeLessThan(limit);
    // The bound says something: it is a fiftieth of what outputs can be.
    expect(limit).toBeLessThan(0.02);
    model.dispose();
  });
});

it('rounding the weights of a dense layer moves outputs no farther than the errors of the weights can', async () => {
  const model = sequential([layers.input({ shape: [30] }), layers.dense(7)], {
    device: reference,
    seed: 4,
  });
  const x = floats([6, 30], 9);
  const before = await predicted(model, x);
  const [{ data }] = await model.getWeights();
  await model.quantize('float16');
  const after = await predicted(model, x);
  for (let i = 0; i < before.length; i++) {
    const [row, column] = [Math.floor(i / 7), i % 7];
    let limit = 0;
    for (let k = 0; k < 30; k++)
      limit += Math.abs(x.data[row * 30 + k]) * moved(data[k * 7 + column]);
    expect(Math.abs(after[i] - before[i])).toBeGreaterThan(0);
    expect(Math.abs(after[i] - before[i])).toBeLessThan(limit);
  }
  model.dispose();
});

describe('a kernel that reads weights in inference', () => {
  const NAMES: [RegExp, string][] = [
    [/^matmul/, 'b'],
    [/^sequence_\w+_forward/, 'recurrentKernel'],
    [/^gather$/, 'table'],
  ];
  const weights = Object.keys(KERNELS).flatMap((kernel): [string, string, Variant['slots']][] => {
    const name = NAMES.find(([pattern]) => pattern.test(kernel))?.[1];
    if (!name || !link(kernel, {}, []).layout.bindings.some((one) => one.name === name)) return [];
    if (kernel !== 'matmul') return [[kernel, name, {}]];
    return [
      [kernel, name, { view: 'elements' }],
      [kernel, name, { view: 'fours' }],
    ];
  });

  it.each(weights)('%s takes float16 for %s with %o', (kernel, name, slots) => {
    const { code } = link(kernel, { slots }, [name]);
    expect(code).toMatch(/^enable f16;/);
    expect(code).toMatch(new RegExp(`read>${name}:array<(f16|vec4<f16>)>`));
  });

  it('is none of those that train', () => {
    expect(weights.length).toBeGreaterThan(6);
    for (const [kernel, name] of [
      ['sequence_fold_backward', 'recurrentKernelT'],
      ['optimize', 'weight'],
      ['strided_copy', 'x'],
      ['matmul', 'bias'],
    ])
      expect(() => link(kernel, {}, [name])).toThrow(
        `kernel '${kernel}': binding '${name}' is float16`,
      );
  });
});

// ---- on devices that compute with it ------------------------------------------------------------------------------------

type Open = (options?: { sequence?: SequenceOptions }) => Promise<Device>;
const halving: [string, Open][] = [
  ...(offered ? [['webgpu', gpu] as [string, Open]] : []),
  ['wasm', openWasm],
];

/** The same model on both devices, with the numbers of the first one's weights, rounded. */
async function pair(
  open: Open,
  make: () => (Layer | SymbolicTensor)[],
  sequence?: SequenceOptions,
): Promise<[tested: Model, twin: Model]> {
  const models = [await open({ sequence }), reference].map((device) =>
    sequential(make(), { device, seed: 2 }),
  );
  const [actual, twin] = models as [Model, Model];
  twin.setWeights(await actual.getWeights());
  for (const model of [actual, twin]) await model.quantize('float16');
  return [actual, twin];
}

const sequences = (features: number): SymbolicTensor => layers.input({ shape: [null, features] });

if (!offered)
  it('says what a GPU without float16 lacks, and changes nothing', async () => {
    const device = await gpu();
    const model = classifier(device);
    const before = device.stats();
    await expect(model.quantize('float16')).rejects.toThrow(
      /quantize: embedding\/embeddings: this device \(.+\) lacks the WebGPU feature 'shader-f16'.*keep float32/,
    );
    expect(model.weights.every(({ dtype }) => dtype === 'float32')).toBe(true);
    expect(device.stats().bytes).toBe(before.bytes);
    model.dispose();
  });

describe.each(halving)('float16 on %s', (_, open) => {
  it('is stored, read and copied, whole words or not', async () => {
    const device = await open();
    const { data } = floats([37], 1);
    const [from, to] = [device.alloc(37, 'float16'), device.alloc(41, 'float16')];
    device.write(from, data);
    const expected = Array.from(data, toFloat16);
    expect(Array.from(await device.read(from))).toEqual(expected);
    for (const [begin, place, count] of [
      [0, 0, 37],
      [0, 4, 36],
      [3, 2, 7],
      [2, 3, 8],
      [5, 7, 1],
      [1, 1, 36],
      [36, 40, 1],
    ]) {
      const values: number[] = Array.from({ length: 41 }, (_, i) => i);
      device.write(to, values);
      device.copy(from, begin, to, place, count);
      values.splice(place, count, ...expected.slice(begin, begin + count));
      expect(Array.from(await device.read(to)), `${count} from ${begin} to ${place}`).toEqual(
        values,
      );
    }
    device.zero(to);
    expect(Array.from(await device.read(to))).toEqual(Array.from({ length: 41 }, () => 0));
    device.write(to, [1, 2], 4);
    expect((await device.read(to))[5]).toBe(2);
    if (device.kind === 'webgpu') {
      expect(() => device.write(to, [1], 4)).toThrow(/pairs of float16, got 1 values from 4 on/);
      const float = device.alloc(37, 'float32');
      expect(() => device.copy(float, 0, to, 0, 4)).toThrow(/got float32 to float16/);
      device.free(float);
    }
    [from, to].forEach((storage) => device.free(storage));
  });

  it('is refused by name where a kernel does not read it', async () => {
    const device = await open();
    const half = device.alloc(8, 'float16');
    const [a, out] = [device.alloc(8, 'float32'), device.alloc(8, 'float32')];
    expect(() => device.run('accumulate', { a, b: half, out }, { size: 8 })).toThrow(
      /kernel 'accumulate': binding 'b' is float16, which only weights of inference may be/,
    );
    [half, a, out].forEach((storage) => device.free(storage));
  });

  it('halves the memory of the weights', async () => {
    const device = await open();
    const model = classifier(device);
    const before = device.stats();
    await model.quantize('float16');
    const matrices = model.weights.filter(({ dtype }) => dtype === 'float16');
    expect(matrices.map(({ name }) => name)).toEqual(QUANTIZED);
    const elements = matrices.reduce((sum, { size }) => sum + size, 0);
    expect(before.bytes - device.stats().bytes).toBe(2 * elements);
    expect(device.stats().storages).toBe(before.storages);
    model.dispose();
  });

  it.each([
    ['aligned', 32, 8],
    ['odd', 31, 7],
  ])(
    'gives what the twin gives: ids, both directions, layers in layers, %s',
    async (_, ids, units) => {
      const make = (): (Layer | SymbolicTensor)[] => [
        layers.input({ shape: [null], dtype: 'int32' }),
        layers.embedding(ids, units - 2, { maskZero: true }),
        layers.bidirectional(layers.gru(units, { returnSequences: true })),
        layers.bidirectional(layers.simpleRNN(units, { returnSequences: true })),
        layers.timeDistributed(layers.dense(units + 4, { activation: 'tanh' })),
        layers.bidirectional(layers.lstm(units)),
        layers.dense(3, { activation: 'softmax' }),
      ];
      const [actual, twin] = await pair(open, make);
      for (const [B, T] of [
        [1, 1],
        [3, 4],
        [20, 6],
      ]) {
        const x = integers([B, T], B, 0, ids);
        expectClose(await predicted(actual, x), await predicted(twin, x), `${B} x ${T}`);
      }
      actual.dispose();
      twin.dispose();
    },
  );

  it.each([
    ['lstm', 8],
    ['lstm', 256],
    ['lstm', 257],
    ['lstm', 260],
    ['gru', 33],
    ['gru', 260],
    ['gru, reset before', 36],
    ['gru, reset before', 259],
    ['simpleRNN', 19],
    ['simpleRNN', 264],
  ])('gives what the twin gives by every way to fold: %s of %i', async (name, units) => {
    const cell = (): Layer => {
      if (name === 'lstm') return layers.lstm(units, { returnSequences: true });
      if (name === 'simpleRNN') return layers.simpleRNN(units, { returnSequences: true });
      return layers.gru(units, { returnSequences: true, resetAfter: name === 'gru' });
    };
    const ways: SequenceOptions[] = [{}, { variant: 'step' }];
    if (units <= 256) ways.push({ variant: 'fold' });
    if (units % 4 === 0) ways.push({ variant: 'rows' });
    for (const way of ways) {
      const [actual, twin] = await pair(open, () => [sequences(5), cell()], way);
      for (const [B, T] of [
        [1, 1],
        [1, 4],
        [2, 3],
        [9, 2],
      ]) {
        const x = floats([B, T, 5], B + T);
        const expected = await predicted(twin, x);
        expectClose(await predicted(actual, x), expected, `${B} x ${T} ${JSON.stringify(way)}`);
      }
      actual.dispose();
      twin.dispose();
    }
  });

  it.each([
    [16, 12],
    [13, 9],
    [128, 72],
  ])(
    'gives what the twin gives: dense and convolutional layers, %i to %i',
    async (inputs, units) => {
      const [actual, twin] = await pair(open, () => [
        sequences(inputs),
        layers.conv1D(units, 3, { padding: 'same', activation: 'relu' }),
        layers.dense(units + 4),
      ]);
      for (const [B, T] of [
        [1, 1],
        [2, 5],
        [40, 4],
      ]) {
        const x = floats([B, T, inputs], B);
        expectClose(await predicted(actual, x), await predicted(twin, x), `${B} x ${T}`);
      }
      actual.dispose();
      twin.dispose();
    },
  );

  it.each([64, 65, 300])('streams what the twin predicts: lstm of %i', async (units) => {
    const [actual, twin] = await pair(open, () => [
      sequences(4),
      layers.lstm(units, { returnSequences: true }),
      layers.gru(units - 1, { returnSequences: true }),
      layers.dense(3),
    ]);
    const x = floats([2, 5, 4], 6);
    const expected = await predicted(twin, x);
    const stream = actual.stream({ streams: 2 });
    for (let t = 0; t < 5; t++) {
      const rows = [0, 1].map((b) =>
        Array.from(x.data.subarray((b * 5 + t) * 4, (b * 5 + t + 1) * 4)),
      );
      const step = await stream.step(rows);
      const wanted = [0, 1].flatMap((b) =>
        Array.from({ length: 3 }, (_, i) => expected[(b * 5 + t) * 3 + i]),
      );
      expectClose(step, wanted, `step ${t}`);
    }
    stream.dispose();
    actual.dispose();
    twin.dispose();
  });

  it('is saved as float32, and loaded again trains', async () => {
    const device = await open();
    const model = classifier(device);
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    await model.quantize('float16');
    const x = integers([4, 5], 3, 0, 32);
    const expected = await predicted(model, x);
    await expect(model.trainOnBatch(x, [0, 1, 2, 3])).rejects.toThrow(/after quantize\(\)/);
    const loaded = await loadModel(await model.save(), { device });
    expect(loaded.weights.every(({ dtype }) => dtype === 'float32')).toBe(true);
    expectClose(await predicted(loaded, x), expected, 'loaded');
    await loaded.trainOnBatch(x, [0, 1, 2, 3]);
    model.dispose();
    loaded.dispose();
  });
});

// ---- int8 -----------------------------------------------------------------------------------------------------------------

describe('int8 on wasm', () => {
  it('rounds every column to multiples of its scale, in a quarter of the memory', async () => {
    const device = await openWasm();
    const model = classifier(device);
    const weights = await model.getWeights();
    const before = device.stats();
    const found = await model.quantize('int8');
    expect(found.map(({ name }) => name)).toEqual(QUANTIZED);
    const rounded = model.weights.filter(({ dtype }) => dtype === 'int8');
    expect(rounded.map(({ name }) => name)).toEqual(QUANTIZED);
    const bytes = rounded.map(({ size, shape }) => 3 * size - 4 * shape.at(-1)!);
    expect(before.bytes - device.stats().bytes).toBe(bytes.reduce((sum, saved) => sum + saved));
    const after = await model.getWeights();
    weights.forEach(({ name, shape, data }, i) => {
      const report = found.find((weight) => weight.name === name);
      if (!report) return expect(Array.from(after[i].data), name).toEqual(Array.from(data));
      const columns = shape.at(-1)!;
      const scales = new Float32Array(columns);
      data.forEach((value, k) => {
        scales[k % columns] = Math.max(scales[k % columns], Math.abs(value) / 127);
      });
      const errors = Array.from(data, (value, k) => Math.abs(after[i].data[k] - value));
      errors.forEach((error, k) => {
        expect(error).toBeLessThanOrEqual(scales[k % columns] * 0.500_01);
      });
      expect(report.maxError).toBe(Math.max(...errors));
      expect(report.relativeError).toBeGreaterThan(0);
      expect(report.relativeError).toBeLessThan(0.02);
    });
    model.dispose();
  });

  it.each([
    ['aligned', 32, 8],
    ['odd', 31, 7],
  ])('gives what the twin gives with the rounded weights, %s', async (_, ids, units) => {
    const make = (): (Layer | SymbolicTensor)[] => [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(ids, units + 2, { maskZero: true }),
      layers.bidirectional(layers.gru(units, { returnSequences: true })),
      layers.lstm(units + 1, { returnSequences: true }),
      layers.timeDistributed(layers.dense(units + 4, { activation: 'tanh' })),
      layers.simpleRNN(units, { returnSequences: true }),
      layers.gru(units, { resetAfter: false }),
      layers.dense(3, { activation: 'softmax' }),
    ];
    const actual = sequential(make(), { device: await openWasm(), seed: 2 });
    await actual.quantize('int8');
    const twin = sequential(make(), { device: reference, seed: 2 });
    twin.setWeights(await actual.getWeights());
    for (const [B, T] of [
      [1, 1],
      [3, 4],
      [20, 6],
    ]) {
      const x = integers([B, T], B, 0, ids);
      expectClose(await predicted(actual, x), await predicted(twin, x), `${B} x ${T}`);
    }
    actual.dispose();
    twin.dispose();
  });

  it('is saved as float32, and is not trained', async () => {
    const device = await openWasm();
    const make = (): Model =>
      sequential(
        [
          layers.input({ shape: [null, 4] }),
          layers.conv1D(5, 3, { padding: 'causal' }),
          layers.lstm(9, { returnSequences: true }),
          layers.dense(2),
        ],
        { device, seed: 4 },
      );
    const model = make();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.quantize('int8');
    const x = floats([2, 5, 4], 3);
    const expected = await predicted(model, x);
    const loaded = await loadModel(await model.save(), { device });
    expectClose(await predicted(loaded, x), expected, 'loaded');
    await expect(model.trainOnBatch(x, floats([2, 5, 2], 5))).rejects.toThrow(/after quantize\(\)/);
    model.dispose();
    loaded.dispose();
  });

  it('is refused for weights that are not finite, and elsewhere', async () => {
    const device = await openWasm();
    const model = sequential([layers.input({ shape: [2] }), layers.dense(2)], { device, seed: 1 });
    model.setWeights([
      [
        [1, NaN],
        [2, 3],
      ],
      new Float32Array(2),
    ]);
    const { bytes } = device.stats();
    await expect(model.quantize('int8')).rejects.toThrow(
      /quantize: dense\/kernel: int8: expected finite numbers, got NaN/,
    );
    expect(device.stats().bytes).toBe(bytes);
    await expect(model.quantize('int4' as 'int8')).rejects.toThrow(
      /expected mode to be one of float16, int8, got 'int4'/,
    );
    await expect(classifier(cpu()).quantize('int8')).rejects.toThrow(
      /expected 'float16', got 'int8', which only the WebAssembly device has/,
    );
    model.dispose();
  });
});

it('a device made without shader-f16 says so', async () => {
  const adapter = await (await findGpu()).requestAdapter();
  const device = await webgpu({ device: await adapter!.requestDevice() });
  expect(() => device.alloc(4, 'float16')).toThrow(/lacks the WebGPU feature 'shader-f16'/);
  device.destroy();
});

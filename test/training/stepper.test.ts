/** A stepper gives, step by step and at once, what predict and a stream give. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { Layer } from '../../src/layers/base.ts';
import { gru, lstm, residual } from '../../src/layers/cells/index.ts';
import * as layers from '../../src/layers/index.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import { topK } from '../../src/ops/top_k.ts';
import { fromTransfer } from '../../src/stepper/index.ts';
import type { Stepper } from '../../src/stepper/index.ts';
import type { Tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { openWasm, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const T = 9;

/** What predict gives after each of the steps of x [1,T,...], one after the other: its last step, or its only one. */
async function predicted(model: Model, x: Host, sequences = true): Promise<number[]> {
  const width = model.outputs[0].shape.at(-1)!;
  const all: number[] = [];
  const [, steps, ...rest] = x.shape;
  const size = x.data.length / steps;
  for (let t = sequences ? steps : 1; t <= steps; t++) {
    const shape = [1, t, ...rest];
    const output = await model.predict({ data: x.data.slice(0, t * size), shape });
    const values = await output.data();
    output.dispose();
    all.push(...(sequences ? values : values.slice(-width)));
  }
  return all;
}

/** All that a stepper gives for x [1,T,...]. */
function stepped(stepper: Stepper, x: Host, width: number): number[] {
  const size = x.data.length / x.shape[1];
  const output = new Float32Array(width);
  const all: number[] = [];
  for (let t = 0; t < x.shape[1]; t++) {
    stepper.step(x.data.subarray(t * size, (t + 1) * size), output);
    all.push(...output);
  }
  return all;
}

async function streamed(model: Model, x: Host): Promise<number[]> {
  const stream = model.stream();
  const size = x.data.length / x.shape[1];
  const all: number[] = [];
  for (let t = 0; t < x.shape[1]; t++)
    all.push(...(await stream.step(x.data.slice(t * size, (t + 1) * size))));
  stream.dispose();
  return all;
}

const cells: [string, (units: number, options?: object) => Layer][] = [
  ['simpleRNN', layers.simpleRNN],
  ['lstm', layers.lstm],
  ['gru', layers.gru],
  ['gru, reset before', (units, options) => layers.gru(units, { ...options, resetAfter: false })],
  ['peepholeLSTM', layers.peepholeLSTM],
  [
    'peepholeLSTM, coupled',
    (units, options) => layers.peepholeLSTM(units, { ...options, coupled: true }),
  ],
  [
    'clockworkRNN',
    (units, options) =>
      layers.clockworkRNN(units, { ...options, periods: units % 3 ? [1, 2] : [1, 2, 3] }),
  ],
  ['minGRU', layers.minGRU],
  ['minLSTM', layers.minLSTM],
  ['sru', layers.sru],
  ['lru', layers.lru],
  ['indRNN', layers.indRNN],
  ['minimalGatedUnit', layers.minimalGatedUnit],
  ['sLSTM', layers.sLSTM],
  [
    'projectedLSTM',
    (units, options) =>
      layers.projectedLSTM(units, { ...options, projectionUnits: Math.ceil(0.6 * units) }),
  ],
  ['layerNormLSTM', layers.layerNormLSTM],
];

const sequences = { returnSequences: true };
/** Layers of every kind that can be streamed, between a sequence of 3 features and one of any number. */
const kinds: [string, () => Layer[]][] = [
  ['dense', () => [layers.dense(5, { activation: 'relu' })]],
  ['softmax', () => [layers.dense(5, { activation: 'softmax' })]],
  ['activation', () => [layers.activation('tanh')]],
  ['dropout', () => [layers.dropout(0.5), layers.spatialDropout1D(0.5)]],
  ['layerNormalization', () => [layers.layerNormalization()]],
  ['batchNormalization', () => [layers.batchNormalization()]],
  ['timeDistributed', () => [layers.timeDistributed(layers.dense(4, { activation: 'sigmoid' }))]],
  ['masking', () => [layers.masking()]],
  ['rnn', () => [layers.rnn([lstm(8), gru(5)], sequences)]],
  ['rnn, with a way around', () => [layers.rnn([gru(3), residual(gru(3))], sequences)]],
  ['carryLSTM', () => [layers.carryLSTM(5, sequences)]],
  ['clippedLSTM', () => [layers.clippedLSTM(5, { ...sequences, clip: 0.5 })]],
  ['jordanRNN', () => [layers.jordanRNN(8, 3, sequences)]],
  ['scrn', () => [layers.scrn(4, 3, sequences)]],
];

const input = (features: number) => layers.input({ shape: [null, features] });
const build = (device: Device, list: readonly Layer[], features = 3): Model =>
  sequential([input(features), ...list], { device, seed: 4 });

/** A layer of one's own, of an operation that no layer uses. */
class Sorted extends Layer {
  override readonly stepwise = true;
  override get className(): string {
    return 'Sorted';
  }
  override call([x]: readonly Tensor[]): Tensor[] {
    return [topK(x, 3).values];
  }
}

describe('a stepper', () => {
  it.each(cells)('gives what predict and a stream give: %s', async (_, cell) => {
    const device = await openWasm();
    // Multiples of four units, and others; a sequence that goes on, and its last step.
    for (const [first, second] of [
      [8, 6],
      [6, 12],
    ]) {
      const list = () => [cell(first, { returnSequences: true }), cell(second), layers.dense(2)];
      const model = build(device, list());
      const x = floats([1, T, 3], 6);
      const actual = stepped(await model.stepper(), x, 2);
      expectClose(actual, await streamed(model, x), `${first} and ${second} units, stream`);
      const expected = await predicted(build(reference, list()), x, false);
      expectClose(actual, expected, `${first} and ${second} units, predict`);
    }
  });

  it.each(['float16', 'int8'] as const)('takes weights rounded to %s', async (mode) => {
    const sequences = { returnSequences: true };
    const model = sequential(
      [
        layers.input({ shape: [null], dtype: 'int32' }),
        layers.embedding(9, 5),
        layers.gru(6, sequences),
        layers.projectedLSTM(7, { ...sequences, projectionUnits: 5 }),
        layers.layerNormLSTM(6, sequences),
        layers.dense(2),
      ],
      { device: await openWasm(), seed: 3 },
    );
    await model.quantize(mode);
    const x = integers([1, T], 4, 0, 9);
    const expected = await predicted(model, x);
    expectClose(stepped(await model.stepper(), x, 2), expected, 'y');
  });

  it.each([
    ['relu', 'sigmoid'],
    ['softsign', 'hardSigmoid'],
    ['linear', 'tanh'],
  ] as const)('computes every activation: %s and %s', async (activation, recurrentActivation) => {
    const options = { activation, recurrentActivation, returnSequences: true };
    const list = () => [layers.lstm(4, options), layers.gru(5, { ...options, useBias: false })];
    const model = build(await openWasm(), list());
    const x = floats([1, T, 3], 6);
    const expected = await predicted(build(reference, list()), x);
    expectClose(stepped(await model.stepper(), x, 5), expected, 'y');
  });

  it.each(kinds)('takes layers of every kind that can be streamed: %s', async (_, make) => {
    const list = () => [...make(), layers.lstm(4, { returnSequences: true }), ...make()];
    const model = build(await openWasm(), list());
    const x = floats([1, T, 3], 6);
    // A step that masking() leaves out.
    x.data.fill(0, 6, 9);
    const expected = await predicted(build(reference, list()), x);
    expectClose(stepped(await model.stepper(), x, model.outputs[0].shape.at(-1)!), expected, 'y');
  });

  it('takes ids, and refuses those that the table does not have', async () => {
    const device = await openWasm();
    const list = () => [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(7, 4, { maskZero: true }),
      layers.gru(5, { returnSequences: true }),
    ];
    const model = sequential(list(), { device, seed: 4 });
    const x = integers([1, T], 6, 0, 7);
    const expected = await predicted(sequential(list(), { device: reference, seed: 4 }), x);
    const stepper = await model.stepper();
    expectClose(stepped(stepper, x, 5), expected, 'y');
    const before = stepper.states.map(({ values }) => values.slice());
    const output = new Float32Array(5).fill(8);
    for (const id of [7, -1, 1.5, NaN])
      expect(() => stepper.step([id], output)).toThrow(
        `expected ids in 0…6 in input 'input_layer'`,
      );
    expect(Array.from(output)).toEqual([8, 8, 8, 8, 8]);
    expect(stepper.states.map(({ values }) => values)).toEqual(before);
  });

  it('refuses ids that the smaller of two tables does not have', async () => {
    const device = await openWasm();
    const x = layers.input({ shape: [null], dtype: 'int32' });
    const tables = [5, 9].map((size) => layers.embedding(size, 3).apply(x));
    const joined = layers.concatenate().apply(tables);
    const outputs = layers.gru(2, { returnSequences: true }).apply(joined);
    const model = graph({ inputs: x, outputs, device });
    const stepper = await model.stepper();
    const output = new Float32Array(2);
    expect(() => stepper.step([7], output)).toThrow('expected ids in 0…4');
    stepper.step([4], output);
    expect(output.every(Number.isFinite)).toBe(true);
  });

  it('takes several inputs, of which some have no time, and gives several outputs', async () => {
    const make = (device: Device) => {
      const x = layers.input({ shape: [null, 3], name: 'x' });
      const still = layers.input({ shape: [4], name: 'still' });
      const [h, state] = layers.gru(4, { returnSequences: true, returnState: true }).applyAll([x]);
      const joined = layers
        .concatenate()
        .apply([layers.add().apply([h, still]), layers.multiply().apply([h, h])]);
      const inner = [layers.input({ shape: [null, 8] }), layers.lstm(2)];
      const nested = sequential(inner, { device, seed: 5 });
      const outputs = [layers.dense(2).apply(joined), state, nested.apply(joined)];
      return graph({ inputs: [x, still], outputs, device, seed: 4 });
    };
    const [model, twin] = [make(await openWasm()), make(reference)];
    const [x, still] = [floats([1, T, 3], 5), floats([1, 4], 6)];
    const stepper = await model.stepper();
    const outputs = [2, 4, 2].map((width) => new Float32Array(width));
    for (let t = 0; t < T; t++)
      stepper.step([x.data.subarray(3 * t, 3 * t + 3), still.data], outputs);
    const expected = await twin.predict<any>([x, still]);
    for (const [i, output] of outputs.entries())
      expectClose(output, (await expected[i].data()).slice(-output.length), `output ${i}`);
    expect(stepper.states.map(({ layer, values }) => [layer, values.length])).toEqual([
      ['gru', 4],
      ['lstm', 2],
      ['lstm', 2],
    ]);
    expect(() => stepper.step([x.data.subarray(0, 3)], outputs)).toThrow(
      "expected 4 numbers for input 'still', got undefined",
    );
  });

  it('starts anew, and goes on from states that were written', async () => {
    const model = build(await openWasm(), [
      layers.lstm(5, { returnSequences: true }),
      layers.clockworkRNN(4, { periods: [1, 3], returnSequences: true }),
    ]);
    const x = floats([1, T, 3], 6);
    const stepper = await model.stepper();
    const whole = stepped(stepper, x, 4);
    expect(stepper.states.map(({ values }) => values.length)).toEqual([5, 5, 4, 1]);
    stepper.reset();
    expect(stepped(stepper, x, 4)).toEqual(whole);
    stepper.reset();
    const [begin, end] = [
      { shape: [1, 4, 3], data: x.data.slice(0, 12) },
      { shape: [1, T - 4, 3], data: x.data.slice(12) },
    ];
    stepped(stepper, begin, 4);
    const kept = stepper.states.map(({ values }) => values.slice());
    stepper.reset();
    stepped(stepper, end, 4);
    stepper.states.forEach(({ values }, i) => values.set(kept[i]));
    expect(stepped(stepper, end, 4)).toEqual(whole.slice(16));
  });

  it('keeps the weights that the model had, whatever the device does afterwards', async () => {
    const device = await openWasm();
    const model = build(device, [layers.gru(6, { returnSequences: true })]);
    const x = floats([1, T, 3], 6);
    const before = device.stats();
    const stepper = await model.stepper();
    expect(device.stats().storages).toBe(before.storages);
    const whole = stepped(stepper, x, 6);
    for (const weight of model.weights) weight.assign(new Float32Array(weight.size));
    stepper.reset();
    expect(stepped(stepper, x, 6)).toEqual(whole);
    expect(stepped(await model.stepper(), x, 6)).not.toEqual(whole);
  });

  it('can be handed over: the other one goes on from the same states, once', async () => {
    const model = build(await openWasm(), [layers.lstm(6, { returnSequences: true })]);
    const x = floats([1, T, 3], 6);
    const stepper = await model.stepper();
    stepped(stepper, x, 6);
    const transfer = structuredClone(stepper.transfer());
    const other = fromTransfer(transfer);
    expect(stepped(other, x, 6)).toEqual(stepped(stepper, x, 6));
    expect(() => fromTransfer(transfer)).toThrow(/was used before/);
    const moved = stepper.transfer();
    structuredClone(moved, { transfer: [moved.image!] });
    expect(() => fromTransfer(moved)).toThrow(/was used before, or its memory was handed over/);
    other.reset();
    expect(stepped(fromTransfer(other.transfer()), x, 6)).toEqual(stepped(other, x, 6));
  });

  it('refuses numbers of a wrong length, and writes nothing then', async () => {
    const model = build(await openWasm(), [layers.lstm(4)]);
    const stepper = await model.stepper();
    const output = new Float32Array(4).fill(8);
    const x = new Float32Array(3).fill(1);
    expect(() => stepper.step(new Float32Array(2), output)).toThrow(
      "step: expected 3 numbers for input 'input_layer', got 2",
    );
    expect(() => stepper.step(x, new Float32Array(5))).toThrow(
      "step: expected 4 numbers for output 'lstm', got 5",
    );
    expect(() => stepper.step(3 as any, output)).toThrow(/got number/);
    expect(Array.from(output)).toEqual([8, 8, 8, 8]);
    for (const { values } of stepper.states)
      expect(values.every((value) => value === 0)).toBe(true);
  });

  it('is refused, by name, where a layer needs later steps, and on other devices', async () => {
    const device = await openWasm();
    const refused: [RegExp, Layer[]][] = [
      [/'bidirectional' \(Bidirectional\)/, [layers.bidirectional(layers.lstm(4))]],
      [/'gru' \(GRU\)/, [layers.gru(4, { goBackwards: true })]],
      [/'conv1d' \(Conv1D\)/, [layers.conv1D(4, 3), layers.lstm(4)]],
    ];
    for (const [message, list] of refused)
      await expect(build(device, list).stepper()).rejects.toThrow(message);
    await expect(build(reference, [layers.lstm(4)]).stepper()).rejects.toThrow(
      /expected a model on the WebAssembly device, got 'sequential' on/,
    );
    const open = sequential([layers.input({ shape: [null, null], dtype: 'int32' })], { device });
    open.add(layers.timeDistributed(layers.embedding(9, 4)));
    await expect(open.stepper()).rejects.toThrow(/expected inputs of known width/);
    await expect(sequential([layers.lstm(4)], { device }).stepper()).rejects.toThrow(
      /expected a built model/,
    );
  });

  it('is refused where a layer begins with states that are inputs', async () => {
    const [x, h] = [layers.input({ shape: [null, 2] }), layers.input({ shape: [3] })];
    const outputs = layers.gru(3, { name: 'decoder' }).apply(x, { initialState: h });
    const model = graph({ inputs: [x, h], outputs, device: await openWasm() });
    await expect(model.stepper()).rejects.toThrow(
      /expected layers that begin with zeros, got 'decoder' with an initialState; .* write into `states`/,
    );
  });

  it('names a layer of your own that asks for what has no kernel', async () => {
    const device = await openWasm();
    await expect(build(device, [new Sorted()]).stepper()).rejects.toThrow(
      "sorted: expected operations that have a kernel for single steps, got 'top_k'",
    );
    // Nothing of that is left behind.
    const model = build(device, [layers.lstm(4)]);
    expect(stepped(await model.stepper(), floats([1, 2, 3], 6), 4)).toHaveLength(8);
  });
});

/** A stream gives, step by step, what predict gives for whole sequences; and takes nothing of the device after its first steps. */
import { describe, expect, it } from 'vitest';
import { cpu } from '../../src/cpu/device.ts';
import { gru as gruCell, lstm as lstmCell } from '../../src/layers/cells/index.ts';
import { Layer } from '../../src/layers/base.ts';
import type { CallContext, StreamState } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import type { SequenceLayer } from '../../src/layers/sequence_layer.ts';
import type { PartialShape } from '../../src/layers/shapes.ts';
import { cast } from '../../src/ops/compare.ts';
import { add, mul } from '../../src/ops/map.ts';
import { matmul } from '../../src/ops/matmul.ts';
import { cumsum, mean } from '../../src/ops/reduce.ts';
import { expandDims, reshape } from '../../src/ops/shape.ts';
import { slice } from '../../src/ops/slice.ts';
import { softmax } from '../../src/ops/softmax.ts';
import { transpose } from '../../src/ops/transpose.ts';
import type { Tensor } from '../../src/tensor.ts';
import { webgpu } from '../../src/webgpu/load.ts';
import { watchedDevice } from '../support/calls.ts';
import { expectClose } from '../support/check.ts';
import { float32Devices } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { settled } from '../support/garbage.ts';

/** Steps `begin` to `end` of [B,T,...]. */
function steps({ data, shape }: Host, begin: number, end: number): Host {
  const [B, T, ...rest] = shape;
  const size = rest.reduce((product, extent) => product * extent, 1);
  const rows = Array.from({ length: B }, (_, b) =>
    Array.from(data.subarray((b * T + begin) * size, (b * T + end) * size)),
  );
  const Type = data.constructor as typeof Float32Array;
  return { shape: [B, end - begin, ...rest], data: Type.from(rows.flat()) };
}

/** All of a model's outputs for [B,T,...], in chunks of `chunk` steps: [B,T,...] where it gives one a step. */
async function streamed(model: Model, x: Host, chunk: number): Promise<number[][]> {
  const [B, T] = x.shape;
  const stream = model.stream({ streams: B });
  const rows: number[][] = Array.from({ length: B }, () => []);
  for (let t = 0; t < T; t += chunk) {
    const values = await stream.step(steps(x, t, Math.min(t + chunk, T)));
    const size = values.length / B;
    rows.forEach((row, b) => row.push(...values.subarray(b * size, (b + 1) * size)));
  }
  stream.dispose();
  return rows;
}

async function predicted(model: Model, x: Host): Promise<Float32Array> {
  const output = await model.predict(x);
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values;
}

/** That of T steps, [B,T,...], for every T up to that of x. */
async function predictedUpTo(model: Model, x: Host): Promise<number[][]> {
  const rows: number[][] = Array.from({ length: x.shape[0] }, () => []);
  for (let t = 1; t <= x.shape[1]; t++) {
    const values = await predicted(model, steps(x, 0, t));
    const size = values.length / rows.length;
    rows.forEach((row, b) => row.push(...values.subarray(b * size, (b + 1) * size)));
  }
  return rows;
}

const cells: [string, (units: number, options?: object) => Layer][] = [
  ['simpleRNN', layers.simpleRNN],
  ['lstm', layers.lstm],
  ['gru', layers.gru],
  ['gru, reset before', (units, options) => layers.gru(units, { ...options, resetAfter: false })],
];

describe.each(float32Devices)('a stream on %s', (_, deviceOf) => {
  it.each(cells)('gives what predict gives, stacked: %s', async (_, cell) => {
    const device = await deviceOf();
    const model = sequential(
      [
        layers.input({ shape: [null, 3] }),
        layers.dense(6, { activation: 'relu' }),
        cell(7, { returnSequences: true, dropout: 0.5 }),
        layers.layerNormalization(),
        layers.dropout(0.5),
        cell(5, { returnSequences: true }),
        layers.timeDistributed(layers.dense(4, { activation: 'softmax' })),
      ],
      { device, seed: 1 },
    );
    for (const B of [1, 3]) {
      const x = floats([B, 11, 3], 2);
      const expected = await predicted(model, x);
      for (const chunk of [1, 5, 11])
        expectClose(
          (await streamed(model, x, chunk)).flat(),
          expected,
          `${B} streams, chunks of ${chunk}`,
        );
    }
  });

  it('gives the output after its last step where predict does', async () => {
    const model = sequential(
      [
        layers.input({ shape: [null], dtype: 'int32' }),
        layers.embedding(9, 4),
        layers.lstm(5),
        layers.flatten(),
        layers.dense(2),
      ],
      { device: await deviceOf(), seed: 1 },
    );
    const x = integers([2, 6], 3, 0, 9);
    expectClose((await streamed(model, x, 1)).flat(), (await predictedUpTo(model, x)).flat(), 'y');
    const stream = model.stream({ streams: 2 });
    // Ids of one step, in any form.
    await stream.step([x.data[0], x.data[6]]);
    const values = await stream.step(Int32Array.of(x.data[1], x.data[7]));
    expectClose(values, await predicted(model, steps(x, 0, 2)), 'second step');
    stream.dispose();
  });

  it.each([
    ['embedding', [layers.embedding(5, 4, { maskZero: true })]],
    ['masking', [layers.embedding(5, 4), layers.masking({ maskValue: 0 })]],
  ])('repeats its output at masked steps, whatever the chunks: %s', async (_, start) => {
    const device = await deviceOf();
    const model = sequential(
      [
        layers.input({ shape: [null], dtype: 'int32' }),
        ...start,
        layers.lstm(5, { returnSequences: true }),
        layers.gru(3, { returnSequences: true }),
      ],
      { device, seed: 1 },
    );
    // The row of id 0 is what masking() looks for.
    model.weights[0].assign(floats([5, 4], 1).data.fill(0, 0, 4));
    const x = integers([3, 12], 8, 0, 3);
    const expected = await predicted(model, x);
    for (const chunk of [1, 5])
      expectClose((await streamed(model, x, chunk)).flat(), expected, `chunks of ${chunk}`);
  });

  it('takes steps of any width where the model does', async () => {
    const model = sequential(
      [
        layers.input({ shape: [null, null], dtype: 'int32' }),
        layers.timeDistributed(layers.embedding(9, 4)),
        layers.timeDistributed(layers.globalAveragePooling1D()),
        layers.gru(3, { returnSequences: true }),
      ],
      { device: await deviceOf(), seed: 1 },
    );
    const x = integers([2, 4, 5], 8, 0, 9);
    const expected = await predicted(model, x);
    for (const chunk of [1, 3])
      expectClose((await streamed(model, x, chunk)).flat(), expected, `chunks of ${chunk}`);
  });

  it('takes chunks longer than a dispatch, and layers beyond a fold', async () => {
    const device = await deviceOf({ sequence: { chunk: 3, variant: 'step' } });
    for (const [, cell] of cells) {
      const model = sequential(
        [layers.input({ shape: [null, 3] }), cell(5, { returnSequences: true }), cell(4)],
        { device, seed: 1 },
      );
      const x = floats([2, 8, 3], 2);
      const expected = await predicted(model, x);
      for (const chunk of [1, 8]) {
        const rows = await streamed(model, x, chunk);
        expectClose(rows.map((row) => row.slice(-4)).flat(), expected, `chunks of ${chunk}`);
      }
    }
  });

  it('lets streams join, leave and start anew without touching the others', async () => {
    const model = sequential(
      [
        layers.input({ shape: [null, 2] }),
        layers.lstm(6, { returnSequences: true }),
        layers.gru(3),
        layers.dense(2),
      ],
      { device: await deviceOf(), seed: 4 },
    );
    const stream = model.stream({ streams: 3, joined: 0 });
    await expect(stream.step(new Float32Array(6))).rejects.toThrow(/takes part, got none/);
    const joins = [stream.join(), stream.join()];
    expect(joins).toEqual([0, 1]);
    /** By slot, all that it was given since it joined. */
    const given: (number[][] | null)[] = [[], [], null];
    const check = async (slots?: number[]) => {
      const x = floats([3, 2], 100 + given.flat().length);
      const rows = [0, 1, 2].map((slot) => Array.from(x.data.subarray(2 * slot, 2 * slot + 2)));
      // What idle slots are given does not matter.
      const idle = given.map((past, slot) => !past || (slots && !slots.includes(slot)));
      const values = await stream.step(
        rows.map((row, slot) => (idle[slot] ? [NaN, 1e30] : row)),
        slots && { slots },
      );
      for (const slot of [0, 1, 2]) {
        const actual = values.subarray(2 * slot, 2 * slot + 2);
        if (idle[slot]) {
          expect(Array.from(actual)).toEqual([0, 0]);
          continue;
        }
        given[slot]!.push(rows[slot]);
        expectClose(actual, await predicted(model, hostOf([given[slot]!])), `slot ${slot}`);
      }
    };
    await check();
    await check();
    expect(stream.join()).toBe(2);
    given[2] = [];
    await check();
    expect(() => stream.join()).toThrow(/expected a free slot, got all 3 in use/);
    stream.leave(0);
    given[0] = null;
    await check();
    stream.reset(1);
    given[1] = [];
    await check();
    await check([2]);
    await check([1]);
    expect(stream.join()).toBe(0);
    given[0] = [];
    await check();
    await check([0, 1]);
    await check();
    stream.reset();
    given.fill(null);
    given.forEach((_, slot) => (given[slot] = []));
    await check();
    expect(() => stream.leave(3)).toThrow(/expected a slot of 0 to 2 that has joined, got 3/);
    expect(() => stream.reset(-1)).toThrow(/got -1/);
    stream.leave(1);
    await expect(stream.step(new Float32Array(6), { slots: [1] })).rejects.toThrow(/got 1/);
    stream.dispose();
  });

  it('gives results in order when no step waits for the one before', async () => {
    const model = sequential(
      [layers.input({ shape: [null, 2] }), layers.gru(4, { returnSequences: true })],
      { device: await deviceOf(), seed: 4 },
    );
    const x = floats([2, 20, 2], 5);
    const stream = model.stream({ streams: 2 });
    const answers = Array.from({ length: 20 }, (_, t) => stream.step(steps(x, t, t + 1)));
    // What comes after is not seen by what was begun.
    stream.reset();
    const again = stream.step(steps(x, 0, 1));
    const expected = steps({ shape: [2, 20, 4], data: await predicted(model, x) }, 0, 20);
    for (const [t, answer] of answers.entries())
      expectClose(await answer, steps(expected, t, t + 1).data, `step ${t}`);
    expectClose(await again, steps(expected, 0, 1).data, 'after reset');
    stream.dispose();
  });

  it('is of no concern to fit, predict, stateful layers and other streams', async () => {
    const device = await deviceOf();
    const x = floats([4, 6, 2], 5);
    const y = [1, 0, 1, 0];
    const build = () => {
      const model = sequential(
        [
          layers.input({ shape: [null, 2], batchSize: 4 }),
          layers.lstm(4, { stateful: true, returnSequences: true }),
          layers.gru(3),
          layers.dense(1),
        ],
        { device, seed: 4 },
      );
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      return model;
    };
    const train = async (model: Model, between: () => Promise<unknown>) => {
      const losses: number[] = [];
      for (let i = 0; i < 3; i++) {
        losses.push((await model.trainOnBatch(x, y)).loss);
        await between();
      }
      return losses;
    };
    const plain = build();
    const expected = await train(plain, () => Promise.resolve());
    const model = build();
    await settled();
    const before = device.stats();
    const streams = [model.stream({ streams: 2 }), model.stream({ streams: 2 })];
    const twice = { data: x.data.slice(0, 24), shape: [2, 6, 2] };
    const between = () => Promise.all(streams.map((stream) => stream.step(steps(twice, 0, 3))));
    expect(await train(model, between)).toEqual(expected);
    // From the same states, and with the same weights.
    streams.forEach((stream) => stream.reset());
    const [a, b] = await between();
    expect(a).toEqual(b);
    streams.forEach((stream) => stream.dispose());
    expect(device.stats().storages).toBe(before.storages + 2);
    await expect(streams[0].step(twice)).rejects.toThrow(/got none/);
  });

  it('keeps its states when a step is refused', async () => {
    const model = sequential(
      [
        layers.input({ shape: [null], dtype: 'int32' }),
        layers.embedding(5, 3),
        layers.lstm(4, { returnSequences: true }),
      ],
      { device: await deviceOf(), seed: 4 },
    );
    const x = integers([1, 4], 5, 0, 5);
    const stream = model.stream();
    const actual: number[] = [];
    for (const id of x.data) {
      await expect(stream.step([7])).rejects.toThrow(/expected ids in 0…4/);
      await expect(stream.step([[[1]]])).rejects.toThrow(/a step \[1\] or a chunk \[1,time\] of 1/);
      actual.push(...(await stream.step([id])));
    }
    expectClose(actual, await predicted(model, x), 'y');
    stream.dispose();
  });

  it('runs graphs with inputs that have no time, several outputs, and returned states', async () => {
    const device = await deviceOf();
    const x = layers.input({ shape: [6, 3], name: 'x' });
    const still = layers.input({ shape: [4], name: 'still' });
    const [h, state] = layers.gru(4, { returnSequences: true, returnState: true }).applyAll([x]);
    const joined = layers.add().apply([h, still]);
    const nested = sequential([layers.input({ shape: [null, 4] }), layers.lstm(2)], { device });
    const outputs = [layers.dense(2).apply(joined), state, nested.apply(joined)];
    const model = graph({ inputs: [x, still], outputs, device, seed: 4 });
    const [a, b] = [floats([2, 6, 3], 5), floats([2, 4], 6)];
    const expected = await Promise.all(
      (await model.predict<any>([a, b])).map((output: any) => output.data()),
    );
    // The model was made for 6 steps; a stream takes any number.
    const stream = model.stream({ streams: 2 });
    const first = await stream.step<any>({ x: steps(a, 0, 5), still: b });
    const second = await stream.step<any>({ x: steps(a, 5, 6), still: b });
    const whole = [0, 1].flatMap((row) => [
      ...first[0].subarray(row * 10, row * 10 + 10),
      ...second[0].subarray(row * 2, row * 2 + 2),
    ]);
    expectClose(whole, expected[0], 'sequence');
    expectClose(second[1], expected[1], 'state');
    expectClose(second[2], expected[2], 'nested');
    stream.dispose();
  });
});

/** Row `b` of [B,...]. */
const rowOf = ({ data, shape }: Host, b: number): Host => {
  const size = data.length / shape[0];
  return { shape: [1, ...shape.slice(1)], data: data.slice(b * size, (b + 1) * size) };
};

/** Looks at all of the second input from each step of the first: dot-product attention. */
class Look extends Layer {
  constructor() {
    super({ name: 'look' });
    this.inputSpec = { count: 2, rank: 3 };
  }
  override get wholeInputs(): readonly number[] {
    return [1];
  }
  override computeOutputShapes([query, value]: readonly PartialShape[]): PartialShape[] {
    return [[...query.slice(0, -1), value.at(-1)!]];
  }
  override call([query, value]: readonly Tensor[]): Tensor[] {
    return [matmul(softmax(matmul(query, transpose(value, [0, 2, 1]))), value)];
  }
}

const withStates: [string, (options: object) => SequenceLayer][] = [
  ['lstm', (options) => layers.lstm(4, options)],
  ['gru', (options) => layers.gru(4, options)],
  ['projectedLSTM', (options) => layers.projectedLSTM(5, { ...options, projectionUnits: 4 })],
  ['sLSTM', (options) => layers.sLSTM(4, options)],
  ['clockworkRNN', (options) => layers.clockworkRNN(4, { ...options, periods: [1, 2] })],
  ['minGRU', (options) => layers.minGRU(4, options)],
  ['rnn of two cells', (options) => layers.rnn([lstmCell(4), gruCell(4)], options)],
  ['scrn', (options) => layers.scrn(4, 4, options)],
];

describe.each(float32Devices)('what a stream on %s begins with', (_, deviceOf) => {
  it.each(withStates)(
    'is what the inputs of a decoder say, at the first step of a slot: %s',
    async (_, make) => {
      const device = await deviceOf();
      const layer = make({ name: 'decoder', returnSequences: true });
      const x = layers.input({ shape: [null, 3], name: 'x' });
      const starts = layer.stateShapes.map(([width], i) =>
        layers.input({ shape: [width], name: `start_${i}` }),
      );
      // One of them goes through a layer first.
      const [first, ...others] = starts;
      const through = layers.dense(first.shape[1]!).apply(first);
      const y = layer.apply(x, { initialState: [through, ...others] });
      const outputs = layers.dense(2).apply(y);
      const model = graph({ inputs: [x, ...starts], outputs, device, seed: 3 });
      const steps3 = floats([2, 4, 3], 5);
      const states = starts.map(({ shape }, i) => floats([2, shape[1]!], 20 + i, 2));
      const predictOn = async (b: number, time: number): Promise<number[]> => {
        const inputs = [
          rowOf(steps(steps3, 0, time), b),
          ...states.map((state) => rowOf(state, b)),
        ];
        const output = await model.predict(inputs);
        const values = Array.from(await output.data()).slice(-2);
        output.dispose();
        return values;
      };
      const stream = model.stream({ streams: 2, joined: 1 });
      // The second slot joins later, and the states of the first one are no longer looked at.
      const later = states.map((state) => ({ ...state, data: state.data.slice() }));
      for (let t = 0; t < 4; t++) {
        if (t === 1) later.forEach(({ data, shape }) => data.fill(9, 0, shape[1]));
        if (t === 2) expect(stream.join()).toBe(1);
        const now = steps(steps3, t, t + 1);
        now.data.set(steps3.data.subarray(12 + 3 * (t - 2), 12 + 3 * (t - 1)), 3);
        const values = await stream.step([now, ...later]);
        expectClose(values.subarray(0, 2), await predictOn(0, t + 1), `slot 0, step ${t}`);
        if (t >= 2) expectClose(values.subarray(2), await predictOn(1, t - 1), `slot 1, step ${t}`);
      }
      stream.dispose();
    },
  );

  it.each(withStates)('is what was given to join, or handed out: %s', async (_, make) => {
    const device = await deviceOf();
    const layer = make({ name: 'decoder' });
    const [x, width] = [layers.input({ shape: [null, 3], name: 'x' }), layer.outputShape[0]];
    const starts = layer.stateShapes.map(([units]) => layers.input({ shape: [units] }));
    const given = graph({
      inputs: [x, ...starts],
      outputs: layer.apply(x, { initialState: starts }),
      device,
    });
    const plain = graph({ inputs: x, outputs: layer.apply(x), device });
    const [a, b] = [floats([1, 5, 3], 5), floats([1, 3, 3], 6)];
    const states = starts.map(({ shape }, i) => floats([1, shape[1]!], 20 + i, 2));
    const output = await given.predict([b, ...states]);
    const stream = plain.stream({ streams: 3, joined: 1 });
    const in0 = (host: Host, slot: number): Host => {
      const data = new Float32Array(3 * host.data.length);
      data.set(host.data, slot * host.data.length);
      return { shape: [3, ...host.shape.slice(1)], data };
    };
    await stream.step(in0(steps(a, 0, 3), 0));
    const kept = await stream.states(0);
    expect(Object.keys(kept)).toEqual(['decoder']);
    const initialState = { decoder: states.map(({ data }) => data) };
    expect(stream.join({ initialState })).toBe(1);
    expect(stream.join({ initialState: kept })).toBe(2);
    const values = await stream.step(in0(b, 1), { slots: [1] });
    expectClose(values.subarray(width, 2 * width), await output.data(), 'given');
    const whole = await plain.predict(a);
    const rest = await stream.step(in0(steps(a, 3, 5), 2), { slots: [2] });
    expectClose(rest.subarray(2 * width), await whole.data(), 'handed out');
    // And by name.
    stream.reset(1, {
      initialState: {
        decoder: Object.fromEntries(layer.stateNames.map((name, i) => [name, states[i]])),
      },
    });
    const again = await stream.step(in0(b, 1), { slots: [1] });
    expectClose(again.subarray(width, 2 * width), await output.data(), 'by name');
    expect(() => stream.reset(1, { initialState: { encoder: [] } })).toThrow(
      "stream: expected initialState by the names of layers (decoder), got 'encoder'",
    );
    expect(() => stream.reset(1, { initialState: { decoder: [[1]] } })).toThrow(
      /^(stream: expected initialState of 'decoder' to be .* numbers, got 1|decoder: expected)/,
    );
    for (const one of [output, whole]) one.dispose();
    stream.dispose();
  });

  it('are the tensors that an encoder gives, a bidirectional one joined', async () => {
    const device = await deviceOf();
    const source = layers.input({ shape: [null, 2] });
    const [, ...ends] = layers
      .bidirectional(layers.gru(3, { returnState: true }))
      .apply<any[]>(source);
    const encoder = graph({ inputs: source, outputs: layers.concatenate().apply(ends), device });
    const decoder = sequential(
      [layers.input({ shape: [null, 2] }), layers.gru(6, { name: 'decoder' })],
      { device },
    );
    const state = await encoder.predict(floats([1, 5, 2], 1));
    const stream = decoder.stream({ joined: 0 });
    stream.join({ initialState: { decoder: [state] } });
    const stepped = await stream.step(new Float32Array(2));
    const other = decoder.stream();
    other.reset(0, { initialState: { decoder: { h: await state.data() } } });
    expectClose(stepped, await other.step<Float32Array>(new Float32Array(2)), 'tensor');
    expectClose((await other.states(0)).decoder[0], stepped, 'what it hands out');
    for (const one of [state, stream, other]) one.dispose();
  });
});

describe.each(float32Devices)('a stream on %s', (_, deviceOf) => {
  it('takes what layers need whole, with its mask: attention, and constants of a cell', async () => {
    const device = await deviceOf();
    const x = layers.input({ shape: [null, 3], name: 'x' });
    const encoded = layers.input({ shape: [null, 4], name: 'encoded' });
    const mask = layers.input({ shape: [null], dtype: 'int32', name: 'mask' });
    const cell = {
      stateShapes: [[4]],
      outputShape: [4],
      call: (now: Tensor, [h]: Tensor[], [constant]: Tensor[]) => {
        const next = add(mul(h, mean(constant, { axis: 1 })), now);
        return [next, [next]] as const;
      },
    };
    const steps4 = layers.lstm(4, { returnSequences: true }).apply(x);
    const value = layers.dense(4).apply(encoded, { mask });
    const seen = new Look().apply([steps4, value]);
    const outputs = layers.rnn(cell, { returnSequences: true }).apply(seen, { constants: encoded });
    const model = graph({ inputs: [x, encoded, mask], outputs, device, seed: 4 });
    const given = floats([2, 6, 3], 5);
    const still = { encoded: floats([2, 7, 4], 6), mask: integers([2, 7], 7, 0, 2) };
    const predictions = await model.predict({ x: given, ...still });
    const expected = await predictions.data();
    for (const chunk of [1, 4]) {
      const stream = model.stream({ streams: 2 });
      const rows: number[][] = [[], []];
      for (let t = 0; t < 6; t += chunk) {
        const values = await stream.step({ x: steps(given, t, Math.min(t + chunk, 6)), ...still });
        rows.forEach((row, b) => {
          row.push(...values.subarray((b * values.length) / 2, ((b + 1) * values.length) / 2));
        });
      }
      expectClose(rows.flat(), expected, `chunks of ${chunk}`);
      stream.dispose();
    }
    predictions.dispose();
  });
});

/** The sum of all steps so far: a layer of one's own that says what it carries. */
class RunningSum extends Layer {
  override get streamState(): StreamState {
    return { widths: [3], forwards: true };
  }
  override call([x]: readonly Tensor[], { stream }: CallContext): Tensor[] {
    const active = stream?.active && expandDims(cast(stream.active, 'float32'), -1);
    const sums = cumsum(active ? mul(x, active) : x, 1);
    const states = stream?.states.get(this);
    if (!states) return [sums];
    const [streams, time, width] = x.shape;
    const size = streams * width;
    const before = slice(states, [stream!.side * size], [size]);
    const y = add(sums, reshape(before, [streams, 1, width]));
    const last = slice(y, [0, time - 1, 0], [streams, 1, width]);
    x.device.copy(last.storage, 0, states.storage, (1 - stream!.side) * size, size);
    return [y];
  }
}

describe('a stream', () => {
  it('carries the states of a layer of your own, one for each slot', async () => {
    for (const [, deviceOf] of float32Devices) {
      const model = sequential([layers.input({ shape: [null, 3] }), new RunningSum()], {
        device: await deviceOf(),
      });
      const x = floats([2, 6, 3], 8);
      const expected = await predicted(model, x);
      for (const chunk of [1, 4])
        expectClose((await streamed(model, x, chunk)).flat(), expected, `chunks of ${chunk}`);
      const stream = model.stream({ streams: 2 });
      await stream.step(steps(x, 0, 1));
      await stream.step(steps(x, 1, 2), { slots: [1] });
      stream.reset(0);
      const values = await stream.step(steps(x, 2, 3));
      expectClose(values.subarray(0, 3), x.data.subarray(6, 9), 'a slot that began anew');
      expectClose(values.subarray(3), expected.subarray(24, 27), 'the other one');
      stream.dispose();
    }
  });

  it('asks the GPU for one submit and for nothing new after its first steps', async () => {
    const { device, calls, end } = await watchedDevice();
    const model = sequential(
      [
        layers.input({ shape: [null], dtype: 'int32' }),
        layers.embedding(50, 12, { maskZero: true }),
        layers.lstm(40, { returnSequences: true }),
        layers.gru(24),
        layers.dense(8, { activation: 'softmax' }),
      ],
      { device, seed: 1 },
    );
    for (const [streams, time] of [
      [1, 1],
      [4, 1],
      [4, 5],
    ]) {
      const ids = (seed: number) => integers([streams, time], seed, 0, 50);
      const stream = model.stream({ streams });
      // In the first step memory is made, in the second it is found in another order.
      await stream.step(ids(0));
      await stream.step(ids(0));
      const held = device.stats();
      const before = calls();
      for (let step = 1; step <= 20; step++) {
        // Neither joining nor leaving changes what is asked for.
        if (step === 5 && streams > 1) stream.leave(2);
        if (step === 10 && streams > 1) stream.join();
        await stream.step(ids(step));
      }
      const after = calls();
      const { bytes, storages, pooledBytes, pipelines, submits, dispatches } = device.stats();
      expect({ bytes, storages, pooledBytes, pipelines }).toEqual({
        bytes: held.bytes,
        storages: held.storages,
        pooledBytes: held.pooledBytes,
        pipelines: held.pipelines,
      });
      expect(submits - held.submits).toBe(20);
      expect((dispatches - held.dispatches) % 20).toBe(0);
      for (const name of ['createBuffer', 'createBindGroup', 'createComputePipeline'] as const)
        expect(after[name] - before[name], name).toBe(0);
      expect(after.submit - before.submit).toBe(20);
      stream.dispose();
    }
    end();
  });

  it('keeps no more in flight than it is asked to', async () => {
    const { device, calls, end } = await watchedDevice();
    const model = sequential([layers.input({ shape: [null, 3] }), layers.lstm(8)], { device });
    const stream = model.stream();
    const x = new Float32Array(3);
    const run = async (count: number) => {
      let pending = stream.step(x);
      for (let i = 0; i < count; i++) {
        const next = stream.step(x);
        await pending;
        pending = next;
      }
      await pending;
    };
    await run(3);
    const before = calls();
    await run(50);
    expect(calls().createBuffer).toBe(before.createBuffer);
    expect(calls().createBindGroup).toBe(before.createBindGroup);
    // One product for the input and one fold: the states stay where they are.
    const { dispatches, copies } = device.stats();
    await stream.step(x);
    expect(device.stats().dispatches - dispatches).toBe(2);
    expect(device.stats().copies).toBe(copies);
    end();
  });

  it('frees what it took', async () => {
    const device = await webgpu();
    const model = sequential([layers.input({ shape: [null, 3] }), layers.lstm(8)], { device });
    const { bytes, storages } = device.stats();
    const stream = model.stream({ streams: 2 });
    expect(device.stats().storages).toBe(storages + 1);
    await stream.step(new Float32Array(6));
    await stream.step({ data: new Float32Array(30), shape: [2, 5, 3] });
    stream.dispose();
    expect(device.stats()).toMatchObject({ bytes, storages });
    device.destroy();
  });

  it.each<[string, () => Layer[]]>([
    ['bidirectional', () => [layers.bidirectional(layers.lstm(2))]],
    ['backwards', () => [layers.gru(2, { goBackwards: true, name: 'backwards' })]],
    ['flatten', () => [layers.flatten()]],
    ['global_max_pooling1d', () => [layers.globalMaxPooling1D()]],
    ['conv1d', () => [layers.conv1D(2, 3, { padding: 'same' })]],
    ['norm', () => [layers.layerNormalization({ axis: [1, 2], name: 'norm' })]],
    ['again', () => [layers.lstm(2), layers.repeatVector(3), layers.lstm(2, { name: 'again' })]],
    ['time_distributed', () => [layers.reshape([3, 2, 1]), layers.timeDistributed(layers.lstm(2))]],
  ])('is refused for what needs later steps: %s', (name, stack) => {
    const model = sequential([layers.input({ shape: [3, 2] }), ...stack()], { device: cpu() });
    const expected = name === 'time_distributed' ? 'reshape' : name;
    expect(() => model.stream()).toThrow(
      new RegExp(`^stream: expected layers that need no later step, got '${expected}'`),
    );
  });

  it('is refused where a layer that needs an input whole gets a sequence', () => {
    const x = layers.input({ shape: [null, 2] });
    const steps2 = layers.lstm(2, { returnSequences: true }).apply(x);
    const model = graph({ inputs: x, outputs: new Look().apply([steps2, steps2]), device: cpu() });
    expect(() => model.stream()).toThrow(/expected layers that need no later step, got 'look'/);
  });

  it('is refused where states to begin with follow from a sequence', () => {
    const x = layers.input({ shape: [null, 2] });
    const h = layers.gru(2).apply(x);
    const outputs = layers.gru(2, { name: 'decoder' }).apply(x, { initialState: h });
    const model = graph({ inputs: x, outputs, device: cpu() });
    expect(() => model.stream()).toThrow(
      /^stream: expected initial states and constants that are the same at every step, got some that follow from a sequence in 'decoder' \(GRU\): make them inputs/,
    );
  });

  it('is refused where the last step of a sequence would reach all of them', () => {
    const x = layers.input({ shape: [null, 2] });
    const last = layers.lstm(2).apply(x);
    const outputs = layers.add({ name: 'sum' }).apply([x, last]);
    const model = graph({ inputs: x, outputs, device: cpu() });
    expect(() => model.stream()).toThrow(/got 'sum' \(Add\)/);
  });

  it('is refused to models without weights and for numbers that are none', () => {
    expect(() => sequential([layers.lstm(2)], { device: cpu() }).stream()).toThrow(
      /stream: expected a built model/,
    );
    const model = sequential([layers.input({ shape: [null, 2] }), layers.lstm(2)], {
      device: cpu(),
    });
    expect(() => model.stream({ streams: 0 })).toThrow(/expected streams to be a positive/);
  });
});

/** Nested lists [B,T,I] as a flat array with its shape. */
function hostOf(lists: number[][][]): Host {
  const shape = [lists.length, lists[0].length, lists[0][0].length];
  return { shape, data: Float32Array.from(lists.flat(2)) };
}

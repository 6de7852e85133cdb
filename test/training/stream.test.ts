/** A stream gives, step by step, what predict gives for whole sequences; and takes nothing of the device after its first steps. */
import { describe, expect, it } from 'vitest';
import { cpu } from '../../src/cpu/device.ts';
import { Layer } from '../../src/layers/base.ts';
import type { CallContext, StreamState } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { model as graph, sequential } from '../../src/model/model.ts';
import type { Model } from '../../src/model/model.ts';
import { cast } from '../../src/ops/compare.ts';
import { add, mul } from '../../src/ops/map.ts';
import { cumsum } from '../../src/ops/reduce.ts';
import { expandDims, reshape } from '../../src/ops/shape.ts';
import { slice } from '../../src/ops/slice.ts';
import type { Tensor } from '../../src/tensor.ts';
import { webgpu } from '../../src/webgpu/load.ts';
import { watchedDevice } from '../support/calls.ts';
import { expectClose } from '../support/check.ts';
import { float32Devices } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

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

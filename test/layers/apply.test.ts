/** What `apply` takes beside the inputs: a mask, and initial states by name. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { Network } from '../../src/layers/network.ts';
import { loadModel } from '../../src/model/load.ts';
import { model, sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import type { Device } from '../../src/backend.ts';
import { setDevice } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { allDevices, openAll, openWasm, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { unroll } from './naive.ts';
import type { Matrix } from './naive.ts';
import { ints, nested, networkFromConfig, run } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;
const [B, T, I, H] = [3, 4, 2, 3];
const EXACT = { absolute: 1e-9, relative: 1e-9 };

const x = floats([B, T, I], 1);
const MASK = ints([B, T], ...[1, 1, 1, 0], ...[0, 1, 0, 1], ...[1, 1, 1, 1]);
const MASK_ROWS = [0, 1, 2].map((b) => Array.from(MASK.data.slice(b * T, (b + 1) * T)));

const weights = [floats([I, 4 * H], 2), floats([H, 4 * H], 3), floats([4 * H], 4)];
const naive = {
  kernel: nested(weights[0]) as Matrix,
  recurrent: nested(weights[1]) as Matrix,
  bias: [Array.from(weights[2].data)],
};

const steps = () => input({ shape: [null, I], name: 'x' });
const flags = () => input({ shape: [null], dtype: 'int32', name: 'mask' });

describe('a mask given to apply', () => {
  it('leaves steps out and goes on, as one that a layer makes', async () => {
    const { output } = unroll('lstm', nested(x), naive, { mask: MASK_ROWS, returnSequences: true });
    for (const device of await openAll()) {
      const [start, mask] = [steps(), flags()];
      const layer = layers.lstm(H, { returnSequences: true });
      const outputs = layer.apply(start, { mask });
      const network = new Network({ inputs: [start, mask], outputs, device });
      layer.setWeights(weights);
      const ran = await run(network, device, [x, MASK]);
      expectClose(
        (ran.outputs[0] as number[][][]).flat(2),
        (output as number[][][]).flat(2),
        device.kind,
        device === reference ? EXACT : TOLERANCE.gpu,
      );
      expect(ran.masks).toEqual([MASK_ROWS]);
    }
  });

  it('takes the place of the one that the input carries', async () => {
    const [start, mask] = [steps(), flags()];
    const masked = layers.masking().apply(start);
    const layer = layers.gru(H);
    const both = new Network({ inputs: [start, mask], outputs: layer.apply(masked, { mask }) });
    const carried = new Network({ inputs: start, outputs: layer.apply(masked) });
    const plain = new Network({ inputs: start, outputs: layer.apply(start) });
    // Its second step is what masking() leaves out.
    const given = floats([1, T, I], 5);
    given.data.fill(0, I, 2 * I);
    const all = ints([1, T], 1, 1, 1, 1);
    const wanted = await run(plain, reference, [given]);
    expect((await run(both, reference, [given, all])).outputs).toEqual(wanted.outputs);
    expect((await run(carried, reference, [given])).outputs).not.toEqual(wanted.outputs);
  });

  it('may hold any number where a step counts', async () => {
    const [start, mask] = [steps(), flags()];
    const outputs = layers.lstm(H, { returnSequences: true }).apply(start, { mask });
    const network = new Network({ inputs: [start, mask], outputs });
    const wanted = await run(network, reference, [x, MASK]);
    const large = { ...MASK, data: MASK.data.map((flag, i) => flag * (i - 20)) as Int32Array };
    expect(await run(network, reference, [x, large])).toEqual(wanted);
  });

  it('reaches every layer of a model inside', async () => {
    const make = () => [layers.dense(3), layers.lstm(H, { returnSequences: true }), layers.gru(H)];
    const inner = new Network({ layers: make(), name: 'inner' });
    const [start, mask] = [steps(), flags()];
    const network = new Network({ inputs: [start, mask], outputs: inner.apply(start, { mask }) });
    const stack = new Network({ layers: [steps(), ...make()] });
    stack.setWeights(await network.getWeights());
    const wanted = await run(stack, reference, [x], { masks: [MASK] });
    expect((await run(network, reference, [x, MASK])).outputs).toEqual(wanted.outputs);
  });

  it('comes back from the config of a model', async () => {
    const [start, mask] = [steps(), flags()];
    const outputs = layers.bidirectional(layers.lstm(H)).apply(start, { mask });
    const network = new Network({ inputs: [start, mask], outputs });
    const config = JSON.parse(JSON.stringify(network.getConfig()));
    const copy = await networkFromConfig(config);
    expect(JSON.parse(JSON.stringify(copy.getConfig()))).toEqual(config);
    copy.setWeights(await network.getWeights());
    expect(await run(copy, reference, [x, MASK])).toEqual(await run(network, reference, [x, MASK]));
  });

  it('is a connection in the summary of a model', () => {
    const [start, mask] = [steps(), flags()];
    const made = model({ inputs: [start, mask], outputs: layers.gru(H).apply(start, { mask }) });
    expect(made.summary(() => {})).toMatch(/gru \(GRU\).* x, mask /);
  });

  it('says what is wrong with it', async () => {
    const [start, mask] = [steps(), flags()];
    const layer = layers.lstm(H);
    expect(() => layer.apply(start, { mask: input({ shape: [null] }) })).toThrow(
      'lstm: expected a mask int32[null,null] for an input [null,null,2], got float32[null,null]; 1 where a step counts, 0 where it does not',
    );
    expect(() => layer.apply(start, { mask: input({ shape: [], dtype: 'int32' }) })).toThrow(
      'lstm: expected a mask int32[null,null] for an input [null,null,2], got int32[null]',
    );
    expect(() => layer.apply(start, { mask: [[1, 0]] as never })).toThrow(
      "lstm: expected what input() or another layer's apply() gives, got a list of 1; numbers go into the model",
    );
    const outputs = layer.apply(start, { mask });
    expect(() => new Network({ inputs: start, outputs })).toThrow(
      "functional: the graph is disconnected: the outputs depend on input 'mask', expected one of 'x'",
    );
    const network = new Network({ inputs: [start, mask], outputs });
    await expect(run(network, reference, [x, ints([B, 2], 1, 1, 1, 1, 1, 1)])).rejects.toThrow(
      'lstm: expected a mask int32[3,4] for an input [3,4,2], got int32[3,2]',
    );
  });
});

/** Tags every step; with a mask as its second input, or a layer that makes it. */
function tagger(device: Device, explicit: boolean): Model {
  const [start, mask] = [steps(), flags()];
  const options = { device, seed: 3 };
  const rest = (from: SymbolicTensor, given?: SymbolicTensor): SymbolicTensor =>
    layers
      .dense(2)
      .apply(
        layers.bidirectional(layers.gru(H, { returnSequences: true })).apply(from, { mask: given }),
      );
  const made = explicit
    ? model({ ...options, inputs: [start, mask], outputs: rest(start, mask) })
    : model({ ...options, inputs: start, outputs: rest(layers.masking().apply(start)) });
  made.compile({ optimizer: 'adam', loss: 'meanSquaredError', metrics: ['mae'] });
  return made;
}

describe.each(allDevices)('fit, evaluate and predict with a mask as an input on %s', (_, open) => {
  /** Zero where masked, which is what masking() looks for. */
  const zeroed = {
    ...x,
    data: x.data.map((value, i) => value * MASK.data[Math.floor(i / I)]) as Float32Array,
  };
  const y = floats([B, T, 2], 6);

  it('give what they give with a layer that makes it', async () => {
    const device = await open();
    const [explicit, implicit] = [tagger(device, true), tagger(device, false)];
    implicit.setWeights(await explicit.getWeights());
    const options = { epochs: 3, batchSize: 2, shuffle: true, seed: 4, verbose: 0 } as const;
    const validationData = [{ x: zeroed, mask: MASK }, y] as const;
    const found = await explicit.fit([zeroed, MASK], y, { ...options, validationData });
    const wanted = await implicit.fit(zeroed, y, { ...options, validationData: [zeroed, y] });
    for (const [name, values] of Object.entries(wanted.history))
      expectClose(found.history[name], values, name, TOLERANCE.gpu);
    const measured = await explicit.evaluate([zeroed, MASK], y, { verbose: 0 });
    expectClose(
      Object.values(measured),
      Object.values(await implicit.evaluate(zeroed, y, { verbose: 0 })),
      'evaluate',
      TOLERANCE.gpu,
    );
    const [a, b] = [await explicit.predict([zeroed, MASK]), await implicit.predict(zeroed)];
    expectClose(await a.data(), await b.data(), 'predict', TOLERANCE.gpu);
    for (const made of [explicit, implicit]) made.dispose();
  });

  it('do not see what stands at masked steps', async () => {
    const device = await open();
    const made = tagger(device, true);
    const wanted = await made.evaluate([zeroed, MASK], y, { verbose: 0 });
    const elsewhere = {
      ...y,
      data: y.data.map((value, i) => (MASK.data[Math.floor(i / 2)] ? value : 99)) as Float32Array,
    };
    expect(await made.evaluate([x, MASK], elsewhere, { verbose: 0 })).toEqual(wanted);
    made.dispose();
  });

  it('are saved with the model', async () => {
    const device = await open();
    const made = tagger(device, true);
    const loaded = await loadModel(await made.save(), { device });
    const [a, b] = [await made.predict([x, MASK]), await loaded.predict([x, MASK])];
    expect(await b.data()).toEqual(await a.data());
    for (const one of [made, loaded]) one.dispose();
  });

  it('step by step too', async () => {
    const device = await open();
    const [start, mask] = [steps(), flags()];
    const outputs = layers.lstm(H, { returnSequences: true }).apply(start, { mask });
    const made = model({ inputs: [start, mask], outputs, device, seed: 2 });
    const wanted = await (await made.predict([x, MASK])).array();
    const stream = made.stream({ streams: B });
    for (let t = 0; t < T; t++) {
      const step = nested(x).map((row: number[][]) => row[t]);
      const found = await stream.step([step, MASK_ROWS.map((row) => row[t])]);
      const now = (wanted as number[][][]).flatMap((row) => row[t]);
      expectClose(found, now, `step ${t}`, device === reference ? EXACT : TOLERANCE.gpu);
    }
    stream.dispose();
    made.dispose();
  });
});

describe('a stepper', () => {
  it('asks at every step whether it counts', async () => {
    const device = await openWasm();
    const [start, mask] = [steps(), flags()];
    const outputs = layers.lstm(H, { returnSequences: true }).apply(start, { mask });
    const made = model({ inputs: [start, mask], outputs, device, seed: 2 });
    const [row] = nested(x);
    const counts = MASK_ROWS[1];
    const given = [
      { shape: [1, T, I], data: x.data.slice(0, T * I) },
      { shape: [1, T], data: Int32Array.from(counts) },
    ];
    const wanted = (await (await made.predict(given)).array()) as number[][][];
    const stepper = await made.stepper();
    const output = new Float32Array(H);
    for (let t = 0; t < T; t++) {
      stepper.step([row[t], [counts[t]]], output);
      expectClose(output, wanted[0][t], `step ${t}`);
    }
    made.dispose();
  });
});

describe('initial states', () => {
  it('are given by name, in any order', async () => {
    const initial = [floats([B, H], 7), floats([B, H], 8)];
    const start = steps();
    const [h, c] = [input({ shape: [H] }), input({ shape: [H] })];
    const layer = layers.lstm(H);
    const byName = layer.apply(start, { initialState: { c, h } });
    const network = new Network({ inputs: [start, h, c], outputs: byName });
    layer.setWeights(weights);
    const { outputs } = await run(network, reference, [x, ...initial]);
    const { output } = unroll('lstm', nested(x), naive, { initial: initial.map(nested) });
    expectClose((outputs[0] as Matrix).flat(), (output as Matrix).flat(), 'output', EXACT);
  });

  it('of both directions are named so', async () => {
    const start = steps();
    const layer = layers.bidirectional(layers.gru(H));
    const [a, b] = [input({ shape: [H] }), input({ shape: [H] })];
    const initialState = { 'backward h': b, 'forward h': a };
    const named = new Network({
      inputs: [start, a, b],
      outputs: layer.apply(start, { initialState }),
    });
    const listed = new Network({
      inputs: [start, a, b],
      outputs: layer.apply(start, { initialState: [a, b] }),
    });
    const data = [x, floats([B, H], 7), floats([B, H], 8)];
    expect(await run(named, reference, data)).toEqual(await run(listed, reference, data));
  });

  it('that a stateful layer is given are what it goes on from', async () => {
    const [start, h] = [steps(), input({ shape: [H] })];
    const layer = layers.gru(H, { stateful: true, returnState: true });
    const outputs = layer.apply<SymbolicTensor[]>(start, { initialState: [h] });
    const given = new Network({ inputs: [start, h], outputs });
    const carried = new Network({ inputs: start, outputs: layer.apply<SymbolicTensor[]>(start) });
    const first = await run(given, reference, [x, floats([B, H], 7)]);
    const state = { shape: [B, H], data: Float64Array.from((first.outputs[1] as Matrix).flat()) };
    const second = await run(carried, reference, [x]);
    expect(second).toEqual(await run(given, reference, [x, state as never]));
  });

  it('that do not fit are named', () => {
    const [start, h] = [steps(), input({ shape: [H] })];
    expect(() => layers.lstm(H).apply(start, { initialState: { h } })).toThrow(
      'lstm: expected initialState of h, c, got h; name each of them, or give a list',
    );
    expect(() => layers.gru(H).apply(start, { initialState: { c: h } })).toThrow(
      'gru: expected initialState of h, got c',
    );
    expect(() => layers.dense(H).apply(start, { initialState: { h } })).toThrow(
      'dense: expected initialState of nothing, got h',
    );
    expect(() => layers.lstm(H).apply(start, { constants: [h] })).toThrow(
      "lstm: expected options of mask, initialState, got 'constants'; leave it out, or check its spelling",
    );
  });
});

describe('a stack of layers', () => {
  it('is given a mask in a model around it', async () => {
    const stack = sequential([layers.gru(H, { returnSequences: true }), layers.gru(H)]);
    const [start, mask] = [steps(), flags()];
    const made = model({ inputs: [start, mask], outputs: stack.apply(start, { mask }) });
    const whole = await (await made.predict([x, MASK])).array();
    // The first row without its last step.
    const short = { shape: [1, 3, I], data: x.data.slice(0, 3 * I) };
    const alone = await (await stack.predict(short)).array();
    expectClose((whole as Matrix)[0], (alone as Matrix)[0], 'row', EXACT);
  });
});

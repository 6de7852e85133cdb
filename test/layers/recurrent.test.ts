/** SimpleRNN, LSTM and GRU against their equations, with everything that Keras lets one ask of them. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import * as layers from '../../src/layers/index.ts';
import { Network } from '../../src/layers/network.ts';
import type { RecurrentLayer, RecurrentLayerOptions } from '../../src/layers/recurrent.ts';
import { dropoutMask } from '../../src/ops/dropout.ts';
import { foldSeed } from '../../src/random.ts';
import { fill, setDevice } from '../../src/tensor.ts';
import { webgpu } from '../../src/webgpu/load.ts';
import { expectClose } from '../support/check.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { functions, unroll } from './naive.ts';
import type { CellKind, Matrix, NaiveOptions, NaiveWeights } from './naive.ts';
import { ints, nested, reached, run, stack } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;
const [B, T, I, H] = [5, 6, 3, 4];

type Make = (options?: RecurrentLayerOptions) => RecurrentLayer;
const CELLS: [string, CellKind, Make][] = [
  ['SimpleRNN', 'simple', (options) => layers.simpleRNN(H, options)],
  ['LSTM', 'lstm', (options) => layers.lstm(H, options)],
  ['GRU', 'gru', (options) => layers.gru(H, options)],
  ['GRU, reset before', 'gru_reset_before', (o) => layers.gru(H, { ...o, resetAfter: false })],
];
const BLOCKS: Record<CellKind, number> = { simple: 1, lstm: 4, gru: 3, gru_reset_before: 3 };
const STATES: Record<CellKind, number> = { simple: 1, lstm: 2, gru: 1, gru_reset_before: 1 };

/** Every kind of row: real throughout, padded right, padded left, with a gap, and all mask. */
const MASK = ints(
  [B, T],
  ...[1, 1, 1, 1, 1, 1],
  ...[1, 1, 1, 0, 0, 0],
  ...[0, 0, 1, 1, 1, 1],
  ...[1, 0, 0, 1, 1, 0],
  ...[0, 0, 0, 0, 0, 0],
);

function weightsFor(cell: CellKind, seed: number, useBias = true) {
  const width = BLOCKS[cell] * H;
  const bias = floats(cell === 'gru' ? [2, width] : [width], seed + 2);
  const hosts = [
    floats([I, width], seed),
    floats([H, width], seed + 1),
    ...(useBias ? [bias] : []),
  ];
  const rows = cell === 'gru' ? nested(bias) : [Array.from(bias.data)];
  const naive: NaiveWeights = {
    kernel: nested(hosts[0]),
    recurrent: nested(hosts[1]),
    bias: useBias ? rows : [],
  };
  return { hosts, naive };
}

interface Case extends Omit<NaiveOptions, 'mask' | 'initial'> {
  layer: RecurrentLayerOptions & { recurrentActivation?: never };
  masked?: boolean;
  initial?: boolean;
}

/** The layer on a device: output and states, in one model with initial states as inputs. */
function modelOf(layer: RecurrentLayer, initial: number, device: Device): Network {
  const x = input({ shape: [null, I] });
  const states = Array.from({ length: initial }, () => input({ shape: [H] }));
  return new Network({
    inputs: [x, ...states],
    outputs: layer.apply(x, { initialState: states }),
    device,
  });
}

async function check(cell: CellKind, make: Make, options: Case): Promise<void> {
  const { hosts, naive } = weightsFor(cell, 11, options.layer.useBias);
  const x = floats([B, T, I], 21);
  const initial = options.initial
    ? Array.from({ length: STATES[cell] }, (_, s) => floats([B, H], 31 + s))
    : [];
  const expected = unroll(cell, nested(x), naive, {
    ...options,
    mask: options.masked ? (nested(MASK) as Matrix) : undefined,
    initial: options.initial ? initial.map(nested) : undefined,
    backwards: options.layer.goBackwards,
    returnSequences: options.layer.returnSequences,
    zeroOutputForMask: options.layer.zeroOutputForMask,
  });
  const wanted = [expected.output, ...expected.states] as never[][];
  for (const device of await openAll()) {
    const layer = make({ ...options.layer, returnState: true });
    const network = modelOf(layer, initial.length, device);
    layer.setWeights(hosts);
    const masks = options.masked ? [MASK] : [];
    const { outputs } = await run(network, device, [x, ...initial], { masks });
    expect(outputs).toHaveLength(wanted.length);
    wanted.forEach((values, i) =>
      expectClose(
        (outputs[i] as never[]).flat(3),
        values.flat(3),
        `${device.kind}: ${i === 0 ? 'output' : `state ${i}`}`,
        device === reference ? { absolute: 1e-9, relative: 1e-9 } : TOLERANCE.gpu,
      ),
    );
  }
}

describe.each(CELLS)('%s', (_, cell, make) => {
  it.each<[string, Case]>([
    ['the last output', { layer: {} }],
    ['every output', { layer: { returnSequences: true }, initial: true }],
    ['a mask', { layer: {}, masked: true, initial: true }],
    ['a mask, every output', { layer: { returnSequences: true }, masked: true, initial: true }],
    ['backwards', { layer: { goBackwards: true }, initial: true }],
    [
      'backwards with a mask, every output in the order of processing',
      { layer: { goBackwards: true, returnSequences: true }, masked: true, initial: true },
    ],
    ['zeros for masked outputs', { layer: { zeroOutputForMask: true }, masked: true }],
    [
      'zeros for masked outputs, every output',
      { layer: { zeroOutputForMask: true, returnSequences: true }, masked: true, initial: true },
    ],
    ['no bias', { layer: { useBias: false, returnSequences: true } }],
    ['another activation', { layer: { activation: 'linear' }, activation: functions.linear }],
  ])('computes its equations: %s', (_, options) => check(cell, make, options));

  it('has the weights of Keras', async () => {
    const network = stack(reference, { shape: [null, I] }, [make()]);
    const weights = await network.getWeights();
    const width = BLOCKS[cell] * H;
    const name = cell === 'simple' ? 'simple_rnn' : cell.slice(0, cell === 'lstm' ? 4 : 3);
    expect(weights.map((weight) => [weight.name, ...weight.shape])).toEqual([
      [`${name}/kernel`, I, width],
      [`${name}/recurrent_kernel`, H, width],
      [`${name}/bias`, ...(cell === 'gru' ? [2, width] : [width])],
    ]);
    const bias = Array.from(weights[2].data);
    expect(bias.map((value, k) => [k, value]).filter(([, value]) => value !== 0)).toEqual(
      cell === 'lstm' ? Array.from({ length: H }, (_, k) => [H + k, 1]) : [],
    );
    // The rows of the recurrent kernel are orthonormal.
    const rows = nested({ shape: [H, width], data: weights[1].data }) as Matrix;
    for (const [i, a] of rows.entries())
      for (const [j, b] of rows.entries())
        expect(a.reduce((sum, v, k) => sum + v * b[k], 0)).toBeCloseTo(i === j ? 1 : 0, 5);
  });

  it('carries states from batch to batch, and begins anew after a reset', async () => {
    for (const device of await openAll()) {
      const layer = make({ stateful: true, returnSequences: true });
      const network = stack(device, { shape: [null, I], batchSize: 2 }, [layer], 3);
      const whole = stack(device, { shape: [null, I] }, [make({ returnSequences: true })], 3);
      const x = floats([2, 6, I], 41);
      const all = nested(x) as number[][][];
      const half = (from: number): Host => {
        const part = all.map((row) => row.slice(from, from + 3));
        return { shape: [2, 3, I], data: Float32Array.from(part.flat(2)) };
      };
      const expected = (await run(whole, device, [x])).outputs[0] as number[][][];
      for (let round = 0; round < 2; round++) {
        for (const from of [0, 3]) {
          const actual = (await run(network, device, [half(from)])).outputs[0] as number[][][];
          const wanted = expected.map((row) => row.slice(from, from + 3));
          expectClose(actual.flat(2), wanted.flat(2), `${device.kind}, from ${from}`);
        }
        network.resetStates();
      }
      expect(reached(network, device, [half(0)])).toHaveLength(3);
      expect(network.weights).toHaveLength(3);
    }
  });

  it('comes back from its config', () => {
    const layer = make({ name: 'r', dropout: 0.1, goBackwards: true, seed: 4 });
    const config = JSON.parse(JSON.stringify(layer.getConfig()));
    const make2 = layer.constructor as new (config: unknown) => RecurrentLayer;
    expect(new make2(config).getConfig()).toEqual(layer.getConfig());
  });
});

describe('options of the gates', () => {
  it.each(['sigmoid', 'relu', 'hardSigmoid', 'linear', 'tanh'] as const)('%s', async (name) => {
    const recurrentActivation = functions[name];
    await check('lstm', (o) => layers.lstm(H, { ...o, recurrentActivation: name }), {
      layer: {},
      recurrentActivation,
    });
    await check('gru', (o) => layers.gru(H, { ...o, recurrentActivation: name }), {
      layer: {},
      recurrentActivation,
    });
  });

  it('leave the forget bias at zero', async () => {
    const layer = layers.lstm(H, { unitForgetBias: false });
    const network = stack(reference, { shape: [null, I] }, [layer]);
    expect(Array.from((await network.getWeights())[2].data)).toEqual(Array(4 * H).fill(0));
  });
});

describe('dropout in the cell', () => {
  const x = floats([B, T, I], 51);

  it('drops elements of the state, the same at every step', async () => {
    const { hosts, naive } = weightsFor('lstm', 61);
    const layer = layers.lstm(H, { recurrentDropout: 0.5, seed: 9 });
    const network = stack(reference, { shape: [null, I] }, [layer]);
    layer.setWeights(hosts);
    const { outputs } = await run(network, reference, [x], { training: true, step: 3 });
    const mask = dropoutMask(reference, [B, H], 0.5, { seed: foldSeed(9, 1), step: 3 });
    const recurrentDropout = (await mask.array()) as Matrix;
    expect(new Set(recurrentDropout.flat())).toEqual(new Set([0, 2]));
    const { output } = unroll('lstm', nested(x), naive, { recurrentDropout });
    expectClose((outputs[0] as Matrix).flat(), (output as Matrix).flat(), 'output', {
      absolute: 1e-9,
      relative: 1e-9,
    });
  });

  it('drops features of the input, the same at every step, in training alone', async () => {
    const layer = layers.simpleRNN(I, {
      dropout: 0.5,
      activation: 'linear',
      returnSequences: true,
    });
    const network = stack(reference, { shape: [null, I] }, [layer]);
    const eye = [0, 1, 2].map((i) => [0, 1, 2].map((k) => Number(i === k)));
    layer.setWeights([eye, { shape: [I, I], data: new Float32Array(9) }, new Float32Array(I)]);
    const inputs = nested(x) as number[][][];
    expect((await run(network, reference, [x])).outputs[0]).toEqual(inputs);
    const ran = await run(network, reference, [x], { training: true, step: 1 });
    (ran.outputs[0] as number[][][]).forEach((row, b) => {
      const factors = row.map((step, t) => step.map((value, k) => value / inputs[b][t][k]));
      for (const factor of factors[0]) expect([0, 2]).toContain(Math.abs(factor));
      for (const step of factors)
        step.forEach((factor, k) => expect(factor).toBeCloseTo(factors[0][k], 9));
    });
  });
});

describe('masks of a model', () => {
  it('make padding and no padding the same, and reach the next layer', async () => {
    const make = () => [
      layers.embedding(9, I, { maskZero: true }),
      layers.lstm(H, { returnSequences: true }),
      layers.gru(H),
    ];
    for (const device of await openAll()) {
      const network = stack(device, { shape: [null], dtype: 'int32' }, make(), 2);
      const plain = await run(network, device, [ints([1, 3], 4, 5, 6)]);
      const expected = (plain.outputs[0] as Matrix)[0];
      const padded = ints([3, 5], 4, 5, 6, 0, 0, 0, 0, 4, 5, 6, 4, 0, 5, 0, 6);
      const { outputs, masks } = await run(network, device, [padded]);
      for (const row of outputs[0] as Matrix) expectClose(row, expected, `${device.kind}: row`);
      expect(masks).toEqual([null]);
    }
    const network = stack(reference, { shape: [null], dtype: 'int32' }, make().slice(0, 2));
    expect((await run(network, reference, [ints([1, 3], 0, 2, 0)])).masks).toEqual([[[0, 1, 0]]]);
  });

  it('are not those of the states', async () => {
    const x = input({ shape: [3, 1] });
    const layer = layers.lstm(2, { returnSequences: true, returnState: true });
    const outputs = layer.applyAll([layers.masking().apply(x)]);
    const network = new Network({ inputs: x, outputs });
    const { masks } = await run(network, reference, [floats([2, 3, 1], 1)]);
    expect(masks.map((mask) => mask !== null)).toEqual([true, false, false]);
  });
});

describe('what recurrent layers say of bad input', () => {
  const x = () => input({ shape: [null, I] });

  it('to options', () => {
    expect(() => layers.lstm('64' as never)).toThrow(
      "lstm: expected units to be a positive whole number, got '64'",
    );
    expect(() => layers.gru(2, { activation: 'logSoftmax' as never })).toThrow(
      /^gru: expected activation to be one of celu, elu, .* tanh, tanhShrink, got 'logSoftmax'/,
    );
    expect(() => layers.lstm(2, { recurrentActivation: 'softmax' as never })).toThrow(
      /^lstm: expected recurrentActivation to be one of celu, elu, .* tanhShrink, got 'softmax'/,
    );
    expect(() => layers.simpleRNN(2, { recurrentDropout: 1.2 })).toThrow(
      'simple_rnn: expected recurrentDropout to be a number from 0 to below 1, got 1.2',
    );
  });

  it('to inputs', () => {
    expect(() => layers.lstm(2).apply(input({ shape: [4] }))).toThrow(
      'lstm: expected an input of rank 3 [batch, time, features], got float32[null,4]; use returnSequences: true before it',
    );
    expect(() => layers.gru(2).apply(input({ shape: [4, 3], dtype: 'int32' }))).toThrow(
      'gru: expected an input of dtype float32, got int32[null,4,3]; pass a float32 tensor, or put an embedding before',
    );
    expect(() => stack(reference, { shape: [null, null] }, [layers.gru(2)])).toThrow(
      'gru: expected known extents on axes [2]',
    );
  });

  it('to initial states', () => {
    const h = input({ shape: [H] });
    const c = input({ shape: [H + 1] });
    expect(() => layers.lstm(H).apply(x(), { initialState: [h] })).toThrow(
      'lstm: expected initial states h, c of shape [null,4] each, got [null,4]; pass initialState: [h, c]',
    );
    expect(() => layers.lstm(H).apply(x(), { initialState: [h, c] })).toThrow(
      'lstm: expected initial states h, c of shape [null,4] each, got [null,4], [null,5]',
    );
  });

  it('to batches that a stateful layer cannot go on with', async () => {
    const network = stack(reference, { shape: [null, I] }, [layers.gru(H, { stateful: true })]);
    await run(network, reference, [floats([3, 2, I], 1)]);
    await expect(run(network, reference, [floats([2, 2, I], 1)])).rejects.toThrow(
      'gru: expected a batch of 3, got 2: a stateful layer carries one state a row; call resetStates()',
    );
    network.resetStates();
    await run(network, reference, [floats([2, 2, I], 1)]);
  });
});

describe('a recurrent layer beyond the limits', () => {
  it('is named, with the limit and what would fit', async () => {
    const small = await webgpu({ limits: { maxBindingBytes: 8192 } });
    const reader = layers.lstm(8, { name: 'reader' });
    const network = new Network({ layers: [input({ shape: [2, 1] }), reader], device: small });
    const x = fill(small, [64, 2, 1], 0.1);
    expect(() => network.forward([x], { training: false })).toThrow(
      /reader: one time step of 64 rows and 8 units needs \d+ bytes .*maxStorageBufferBindingSize, 8192 bytes: at most 32 rows fit/,
    );
    small.destroy();
  });
});

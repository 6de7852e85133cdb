/** The cells that are written with ops: their equations in plain numbers, gradients, and what every layer can do. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as cells from '../../src/layers/cells/index.ts';
import * as layers from '../../src/layers/index.ts';
import type { Layer } from '../../src/layers/base.ts';
import type { RNNOptions } from '../../src/layers/rnn.ts';
import { loadModel } from '../../src/model/load.ts';
import { sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import { setDevice } from '../../src/tensor.ts';
import { checkLayer } from '../support/check-layer.ts';
import { expectClose } from '../support/check.ts';
import { float32Devices, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { expectOutcome, ints, outcome, stack } from './support.ts';

beforeAll(() => setDevice(reference));
const { input, rnn } = layers;
const [B, T, I, H, S] = [2, 4, 3, 2, 3];
const TIGHT = { absolute: 1e-12, relative: 1e-12 };
const ROUNDED = { absolute: 1e-7, relative: 1e-6 };
const MASK = ints([B, T], 1, 0, 1, 1, 0, 1, 1, 0);

/** Each with the shape of its input at a step. */
const KINDS: [string, (options?: RNNOptions) => Layer, number[]][] = [
  ['jordanRNN', (options) => layers.jordanRNN(4, H, { ...options, outputActivation: 'tanh' }), [I]],
  ['scrn', (options) => layers.scrn(H, S, { ...options, alpha: 0.8 }), [I]],
  ['carryLSTM', (options) => layers.carryLSTM(H, options), [I]],
  [
    'clippedLSTM',
    (options) => layers.clippedLSTM(H, { ...options, clip: 0.6, outputActivation: 'softsign' }),
    [I],
  ],
  ['convLSTM1D', (options) => layers.convLSTM1D(2, 3, { ...options, strides: 2 }), [5, I]],
  ['residual', (options) => rnn(cells.residual(cells.gru(I)), options), [I]],
  ['highway', (options) => rnn([cells.highway(cells.lstm(I)), cells.gru(H)], options), [I]],
];

describe.each(KINDS)('%s', (_, make, shape) => {
  const x = floats([B, T, ...shape], 1);
  const weightsOf = (): Host[] =>
    stack(reference, { shape: [T, ...shape] }, [make()]).weights.map((weight, i) =>
      floats([...weight.shape], 20 + i, 0.7),
    );

  it.each([
    { returnSequences: true },
    { goBackwards: true },
    { returnSequences: true, goBackwards: true },
  ])('has exact gradients: %o', async (options) => {
    const check = { make: () => make(options), x, weights: weightsOf() };
    await checkLayer(check);
    await checkLayer({ ...check, mask: MASK });
  });

  it('gives with a mask of ones what it gives without one', async () => {
    for (const returnSequences of [false, true])
      for (const goBackwards of [false, true]) {
        const layer = make({ returnSequences, goBackwards });
        const network = stack(reference, { shape: [T, ...shape] }, [layer]);
        const ones = ints([B, T], ...Array<number>(B * T).fill(1));
        expectOutcome(
          await outcome(network, [x], { masks: [ones] }),
          await outcome(network, [x]),
          TIGHT,
        );
      }
  });

  it.each(float32Devices)('streams, and is loaded, on %s', async (_name, open) => {
    const device = await open();
    const start = input({ shape: [null, ...shape] });
    const model = sequential([start, make({ returnSequences: true })], { device, seed: 2 });
    const expected = await predicted(model, x);
    const loaded = await loadModel(await model.save(), { device });
    expect([...(await predicted(loaded, x))]).toEqual([...expected]);
    const stream = model.stream({ streams: B });
    const size = x.data.length / (B * T);
    const width = expected.length / (B * T);
    for (let t = 0; t < T; t++) {
      const at = (values: Float32Array | Int32Array, wide: number) =>
        Float32Array.from({ length: B * wide }, (_, i) => {
          const row = Math.floor(i / wide);
          return values[(row * T + t) * wide + (i % wide)];
        });
      const y = await stream.step({ shape: [B, ...shape], data: at(x.data, size) });
      expectClose(y, at(expected, width), `step ${t}`);
    }
    stream.dispose();
  });
});

async function predicted(model: Model, x: Host): Promise<Float32Array> {
  const output = await model.predict(x);
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values;
}

// ---- the equations in plain numbers -----------------------------------------------------------------------------------

type Row = number[];
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const plus = (...rows: Row[]): Row => rows[0].map((_, k) => rows.reduce((sum, r) => sum + r[k], 0));
/** v · m, m [rows, columns] row-major. */
const times = (v: Row, m: ArrayLike<number>): Row =>
  Array.from({ length: m.length / v.length }, (_, k) =>
    v.reduce((sum, x, i) => sum + x * m[(i * m.length) / v.length + k], 0),
  );

/** The outputs of a model of one layer with random weights, and those weights by name. */
async function computed(layer: Layer, x: Host) {
  const network = stack(reference, { shape: x.shape.slice(1) }, [layer]);
  network.setWeights(network.weights.map(({ shape }, i) => floats([...shape], 40 + i, 0.7)));
  const weights: Record<string, ArrayLike<number>> = {};
  for (const { name, data } of await network.getWeights()) weights[name.split('/').at(-1)!] = data;
  const { outputs } = await outcome(network, [x]);
  const [batch, time] = x.shape;
  const width = x.data.length / (batch * time);
  const rows = Array.from({ length: batch }, (_, b) =>
    Array.from({ length: time }, (_, t) => [
      ...x.data.slice((b * time + t) * width, (b * time + t + 1) * width),
    ]),
  );
  return { y: outputs[0], weights, rows };
}

describe('the equations', () => {
  const x = floats([B, T, I], 1);
  const sequences = { returnSequences: true };

  it('of the Jordan network', async () => {
    const layer = layers.jordanRNN(4, H, { ...sequences, outputActivation: 'sigmoid' });
    const { y, weights: w, rows } = await computed(layer, x);
    const expected = rows.flatMap((steps) => {
      let back: Row = [0, 0];
      return steps.flatMap((now) => {
        const sum = plus(times(now, w.kernel), times(back, w.recurrent_kernel), [
          ...Array.from(w.bias),
        ]);
        const out = plus(times(sum.map(Math.tanh), w.output_kernel), Array.from(w.output_bias));
        return (back = out.map(sigmoid));
      });
    });
    expectClose(y, expected, 'jordanRNN', ROUNDED);
  });

  it('of the structurally constrained network', async () => {
    const { y, weights: w, rows } = await computed(layers.scrn(H, S, sequences), x);
    const expected = rows.flatMap((steps) => {
      let [h, s]: Row[] = [
        [0, 0],
        [0, 0, 0],
      ];
      return steps.flatMap((now) => {
        const slow = times(now, w.context_kernel).map((z) => 0.05 * z);
        s = plus(
          slow,
          s.map((z) => 0.95 * z),
        );
        const sum = plus(
          times(s, w.context_recurrent_kernel),
          times(now, w.kernel),
          times(h, w.recurrent_kernel),
        );
        h = sum.map(sigmoid);
        return [...h, ...s];
      });
    });
    expectClose(y, expected, 'scrn', ROUNDED);
  });

  it('of the LSTM whose output gate sees the carry', async () => {
    const { y, weights: w, rows } = await computed(layers.carryLSTM(H, sequences), x);
    const expected = rows.flatMap((steps) => {
      let [h, c]: Row[] = [
        [0, 0],
        [0, 0],
      ];
      return steps.flatMap((now) => {
        const z = plus(times(now, w.kernel), times(h, w.recurrent_kernel), Array.from(w.bias));
        const seen = times(c, w.carry_kernel);
        const o = [0, 1].map((k) => sigmoid(z[6 + k] + seen[k]));
        c = c.map((old, k) => sigmoid(z[2 + k]) * old + sigmoid(z[k]) * Math.tanh(z[4 + k]));
        return (h = o.map((gate, k) => gate * Math.tanh(c[k])));
      });
    });
    expectClose(y, expected, 'carryLSTM', ROUNDED);
  });

  it('of the LSTM whose sums are clipped', async () => {
    const limit = 0.3;
    const own = { clip: limit, activation: 'softsign', outputActivation: 'sigmoid' } as const;
    const layer = layers.clippedLSTM(H, { ...own, ...sequences });
    const { y, weights: w, rows } = await computed(layer, x);
    const clipped = (z: number): number => Math.max(-limit, Math.min(limit, z));
    const softsign = (z: number): number => z / (1 + Math.abs(z));
    let count = 0;
    const expected = rows.flatMap((steps) => {
      let [h, c]: Row[] = [
        [0, 0],
        [0, 0],
      ];
      return steps.flatMap((now) => {
        const sums = plus(times(now, w.kernel), times(h, w.recurrent_kernel), Array.from(w.bias));
        const z = sums.map(clipped);
        count += sums.filter((one, k) => one !== z[k]).length;
        c = c.map((old, k) => sigmoid(z[2 + k]) * old + sigmoid(z[k]) * softsign(z[4 + k]));
        return (h = c.map((one, k) => sigmoid(z[6 + k]) * sigmoid(one)));
      });
    });
    expect(count).toBeGreaterThan(10);
    expectClose(y, expected, 'clippedLSTM', ROUNDED);
  });

  it('of the LSTM that is not clipped: those of lstm', async () => {
    const { y, weights } = await computed(layers.clippedLSTM(H, sequences), x);
    const plain = stack(reference, { shape: [T, I] }, [layers.lstm(H, sequences)]);
    const own = ['kernel', 'recurrent_kernel', 'bias'].map((name) => weights[name]);
    plain.setWeights(
      plain.weights.map(({ shape }, k) => ({ shape, data: Float32Array.from(own[k]) })),
    );
    const { outputs } = await outcome(plain, [x]);
    expectClose(y, outputs[0], 'clippedLSTM', ROUNDED);
  });

  it('of the convolutional LSTM: those of an LSTM where a kernel is one row wide', async () => {
    const rows = floats([B, T, 3, I], 1);
    const { y, weights } = await computed(layers.convLSTM1D(H, 1, sequences), rows);
    const plain = stack(reference, { shape: [T, I] }, [layers.lstm(H, sequences)]);
    plain.setWeights(
      ['kernel', 'recurrent_kernel', 'bias'].map((name, i) => ({
        shape: plain.weights[i].shape,
        data: Float32Array.from(weights[name]),
      })),
    );
    for (let r = 0; r < 3; r++) {
      const own = (values: ArrayLike<number>, width: number) =>
        Array.from({ length: B * T * width }, (_, i) => {
          const step = Math.floor(i / width);
          return values[(step * 3 + r) * width + (i % width)];
        });
      const column = { shape: [B, T, I], data: Float32Array.from(own(rows.data, I)) };
      const { outputs } = await outcome(plain, [column]);
      expectClose(own(y, H), outputs[0], `row ${r}`, TIGHT);
    }
  });

  it('of the convolutional LSTM: its convolutions are those of conv1D', async () => {
    // From states of zero, a single step sees the input alone; the output gate and the carry follow from it.
    const rows = floats([B, 1, 6, I], 1);
    const options = { strides: 2, padding: 'same', dilationRate: 1 } as const;
    const { y, weights } = await computed(layers.convLSTM1D(H, 3, options), rows);
    const conv = stack(reference, { shape: [6, I] }, [layers.conv1D(4 * H, 3, options)]);
    conv.setWeights(
      ['kernel', 'bias'].map((name, i) => ({
        shape: conv.weights[i].shape,
        data: Float32Array.from(weights[name]),
      })),
    );
    const { outputs } = await outcome(conv, [{ shape: [B, 6, I], data: rows.data }]);
    const expected = Array.from({ length: B * 3 * H }, (_, i) => {
      const z = (gate: number): number =>
        outputs[0][Math.floor(i / H) * 4 * H + gate * H + (i % H)];
      return sigmoid(z(3)) * Math.tanh(sigmoid(z(0)) * Math.tanh(z(2)));
    });
    expectClose(y, expected, 'convLSTM1D', ROUNDED);
  });

  it('of ways around a cell', async () => {
    const plain = stack(reference, { shape: [T, I] }, [layers.gru(I, sequences)]);
    const around = stack(reference, { shape: [T, I] }, [
      rnn(cells.residual(cells.gru(I)), sequences),
    ]);
    around.setWeights((await plain.getWeights()).map(({ data, shape }) => ({ data, shape })));
    const [inner, y] = [await outcome(plain, [x]), await outcome(around, [x])];
    const sum = Array.from(inner.outputs[0], (value, i) => value + x.data[i]);
    expectClose(y.outputs[0], sum, 'residual', TIGHT);

    const gated = stack(reference, { shape: [T, I] }, [
      rnn(cells.highway(cells.gru(I)), sequences),
    ]);
    const weights = await plain.getWeights();
    const gate = [floats([I, I], 5), floats([I], 6)];
    expect(gated.weights.map(({ name }) => name.split('/').at(-1))).toEqual([
      'gate_kernel',
      'gate_bias',
      'kernel',
      'recurrent_kernel',
      'bias',
    ]);
    gated.setWeights([...gate, ...weights.map(({ data, shape }) => ({ data, shape }))]);
    const rows = Array.from({ length: B * T }, (_, r) => [...x.data.slice(r * I, r * I + I)]);
    const expected = rows.flatMap((row, r) => {
      const t = plus(times(row, gate[0].data), [...gate[1].data]).map(sigmoid);
      return row.map((value, k) => t[k] * inner.outputs[0][r * I + k] + (1 - t[k]) * value);
    });
    expectClose((await outcome(gated, [x])).outputs[0], expected, 'highway', ROUNDED);
  });
});

describe('tdnn', () => {
  it('is a stack of causal convolutions', async () => {
    const device = reference;
    const x = floats([B, 20, I], 1);
    const own = sequential([input({ shape: [null, I] }), layers.tdnn(4, { kernelSize: 2 })], {
      device,
    });
    const same = sequential(
      [
        input({ shape: [null, I] }),
        ...[1, 2, 4].map((dilationRate) =>
          layers.conv1D(4, 2, { activation: 'relu', padding: 'causal', dilationRate }),
        ),
      ],
      { device },
    );
    same.setWeights((await own.getWeights()).map(({ data, shape }) => ({ data, shape })));
    expectOutcome(await outcome(own, [x]), await outcome(same, [x]));
    const loaded = await loadModel(await own.save(), { device });
    expect([...(await predicted(loaded, x))]).toEqual([...(await predicted(own, x))]);
  });

  it('sees no later step, and as many earlier ones as it says', async () => {
    const layer = layers.tdnn(3, { activation: 'tanh', dilationRates: [1, 2], name: 'delays' });
    const model = sequential([input({ shape: [null, 1] }), layer], { device: reference, seed: 3 });
    const at = async (place: number) => {
      const x = { shape: [1, 12, 1], data: new Float32Array(12) };
      x.data[place] = 1;
      const y = await predicted(model, x);
      return Array.from({ length: 12 }, (_, t) => y.slice(3 * t, 3 * t + 3).some((v) => v !== 0));
    };
    // 1 + 2 · (1 + 2) = 7 steps.
    expect(await at(3)).toEqual(Array.from({ length: 12 }, (_, t) => t >= 3 && t < 10));
  });

  it('says what it needs', () => {
    expect(() => layers.tdnn(3, { dilationRates: [] })).toThrow(
      /^tdnn: expected dilationRates as a list of whole numbers/,
    );
  });
});

describe('what these cells do not take', () => {
  it('is named', () => {
    expect(() => layers.jordanRNN(3, 0)).toThrow(
      /^jordan_cell: expected outputUnits to be a positive/,
    );
    expect(() => layers.scrn(3, 2, { alpha: 2 })).toThrow(
      'scrn_cell: expected alpha to be a number from 0 to 1, got 2',
    );
    expect(() => layers.carryLSTM(3, { recurrentActivation: 'softmax' as never })).toThrow(
      /^carry_lstm_cell: expected recurrentActivation to be one of/,
    );
    expect(() => layers.clippedLSTM(3, { clip: 0 })).toThrow(
      'clipped_lstm_cell: expected clip to be a number above 0, got 0',
    );
    expect(() => layers.scrn(3, 2, { returnSequence: true } as never)).toThrow(
      /^scrn_cell: expected options of .*, got 'returnSequence'/,
    );
    expect(() => layers.convLSTM1D(3, 2).apply(input({ shape: [5, null, 2] }))).toThrow(
      /^conv_lstm1d_cell: expected known extents on axes \[1\]/,
    );
    const narrow = rnn(cells.residual(cells.lstm(3)));
    expect(() => stack(reference, { shape: [T, 2] }, [narrow])).toThrow(
      /^residual_cell: expected a cell whose output has the shape of its input, \[2\] for a row, got \[3\]/,
    );
  });
});

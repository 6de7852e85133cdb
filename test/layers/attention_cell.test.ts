/** The attention cell: Bahdanau's and Luong's equations in plain numbers, gradients, masks, states, files, and what it refuses. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as cells from '../../src/layers/cells/index.ts';
import type { AttentionCellOptions } from '../../src/layers/cells/attention.ts';
import * as layers from '../../src/layers/index.ts';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import { Network } from '../../src/layers/network.ts';
import type { RNNOptions } from '../../src/layers/rnn.ts';
import { loadModel } from '../../src/model/load.ts';
import { model as graph } from '../../src/model/create.ts';
import { noGrad } from '../../src/autograd.ts';
import { setDevice, tensor } from '../../src/tensor.ts';
import { checkLayer } from '../support/check-layer.ts';
import { expectClose } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { checkModel, expectOutcome, ints, outcome } from './support.ts';

beforeAll(() => setDevice(reference));
const { input, rnn } = layers;
/** Steps of the input and of the memory, features of both, units of the cell and of the attention. */
const [B, T, V, I, M, H, A] = [2, 3, 4, 2, 3, 3, 5];
const x = floats([B, T, I], 1);
const memory = floats([B, V, M], 2);
const MASK = ints([B, T], 1, 0, 1, 1, 1, 0);
const MEMORY_MASK = ints([B, V], 1, 1, 0, 1, 0, 1, 1, 0);
const ROUNDED = { absolute: 1e-7, relative: 1e-6 };
const TIGHT = { absolute: 1e-12, relative: 1e-12 };
const MODES = ['additive', 'dot', 'general'] as const;

const decoder = (
  scoreMode: (typeof MODES)[number],
  options: AttentionCellOptions & RNNOptions = {},
) => {
  // prettier-ignore
  const { returnAttentionScores, ...others } = options;
  const cell = cells.attention(cells.gru(H), { scoreMode, units: A, returnAttentionScores });
  return rnn(cell, { returnSequences: true, ...others });
};
const starts = (): [SymbolicTensor, SymbolicTensor] => [
  input({ shape: [T, I] }),
  input({ shape: [V, M] }),
];

// ---- in plain numbers -------------------------------------------------------------------------------------------------

type Row = number[];
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const plus = (...rows: Row[]): Row => rows[0].map((_, k) => rows.reduce((sum, r) => sum + r[k], 0));
const dot = (a: Row, b: Row): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
/** v · m, m [rows, columns] row-major. */
const times = (v: Row, m: ArrayLike<number>): Row =>
  Array.from({ length: m.length / v.length }, (_, k) =>
    v.reduce((sum, value, i) => sum + value * m[(i * m.length) / v.length + k], 0),
  );
const rowsOf = ({ data, shape }: Host, b: number): Row[] =>
  Array.from({ length: shape[1] }, (_, t) => [
    ...data.slice((b * shape[1] + t) * shape[2], (b * shape[1] + t + 1) * shape[2]),
  ]);

/** A step of a GRU whose reset gate comes after the product. */
function gruStep(now: Row, h: Row, w: Record<string, ArrayLike<number>>): Row {
  const bias = Array.from(w.bias);
  const a = plus(times(now, w.kernel), bias.slice(0, 3 * H));
  const r = plus(times(h, w.recurrent_kernel), bias.slice(3 * H));
  return h.map((old, k) => {
    const z = sigmoid(a[k] + r[k]);
    const n = Math.tanh(a[2 * H + k] + sigmoid(a[H + k] + r[H + k]) * r[2 * H + k]);
    return z * old + (1 - z) * n;
  });
}

/** Which steps of the memory count, and the weights of their scores. */
function weightsOf(scores: Row, b: number): Row {
  const powers = scores.map((score, j) => MEMORY_MASK.data[b * V + j] * Math.exp(score));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
const mean = (weights: Row, rows: Row[]): Row =>
  rows[0].map((_, f) => dot(weights, rows.map((row) => row[f]))); // prettier-ignore

/** Output and attention of every step, by the papers. */
function expected(scoreMode: (typeof MODES)[number], w: Record<string, ArrayLike<number>>) {
  const outputs: Row = [];
  const alignments: Row = [];
  for (let b = 0; b < B; b++) {
    const seen = rowsOf(memory, b);
    let h: Row = Array<number>(H).fill(0);
    let fed: Row = Array<number>(A).fill(0);
    for (const now of rowsOf(x, b)) {
      if (scoreMode === 'additive') {
        const query = times(h, w.query_kernel);
        const scores = seen.map((row) =>
          dot(plus(query, times(row, w.memory_kernel)).map(Math.tanh), Array.from(w.score_kernel)),
        );
        const weights = weightsOf(scores, b);
        const context = mean(weights, seen);
        h = gruStep([...now, ...context], h, w);
        outputs.push(...h, ...context);
        alignments.push(...weights);
      } else {
        h = gruStep([...now, ...fed], h, w);
        const query = scoreMode === 'general' ? times(h, w.score_kernel) : h;
        const weights = weightsOf(seen.map((row) => dot(query, row)), b); // prettier-ignore
        fed = times([...mean(weights, seen), ...h], w.attention_kernel).map(Math.tanh);
        outputs.push(...fed);
        alignments.push(...weights);
      }
    }
  }
  return { outputs, alignments };
}

describe.each(MODES)('an attention cell, %s', (scoreMode) => {
  const make = (options: AttentionCellOptions & RNNOptions = {}): Network => {
    const [start, seen] = starts();
    const outputs = decoder(scoreMode, options).apply<SymbolicTensor[]>(start, { constants: seen });
    return new Network({ inputs: [start, seen], outputs, device: reference, seed: 5 });
  };

  it('has the equations of its paper, and gives its weights', async () => {
    const network = make({ returnAttentionScores: true });
    network.setWeights(network.weights.map(({ shape }, i) => floats([...shape], 40 + i)));
    const w: Record<string, ArrayLike<number>> = {};
    for (const { name, data } of await network.getWeights()) w[name.split('/').at(-1)!] = data;
    const { outputs } = await outcome(network, [x, memory], { masks: [null, MEMORY_MASK] });
    const plain = expected(scoreMode, w);
    expectClose(outputs[0], plain.outputs, 'output', ROUNDED);
    expectClose(outputs[1], plain.alignments, 'weights', ROUNDED);
    expect(network.outputs.map(({ shape }) => shape)).toEqual([
      [null, T, scoreMode === 'additive' ? H + M : A],
      [null, T, V],
    ]);
  });

  it.each([{}, { returnSequences: false, goBackwards: true }])(
    'has exact gradients, with masks and states: %o',
    async (options) => {
      await checkModel(
        ([start, seen, h]) =>
          decoder(scoreMode, { ...options, returnState: true }).apply<SymbolicTensor[]>(start, {
            constants: seen,
            initialState: [h],
          }),
        [x, memory, floats([B, H], 3)],
        [MASK, MEMORY_MASK],
      );
    },
  );

  it('has exact gradients of its weights', async () => {
    const own = (): Network => {
      const start = input({ shape: [T, M] });
      const outputs = decoder(scoreMode).apply(start, { constants: start });
      return new Network({ inputs: start, outputs, lazy: true });
    };
    const start = input({ shape: [T, M] });
    const built = new Network({
      inputs: start,
      outputs: decoder(scoreMode).apply(start, { constants: start }),
    });
    const weights = built.weights.map(({ shape }, i) => floats([...shape], 20 + i));
    await checkLayer({ make: own, x: floats([B, T, M], 4), weights });
  });

  it('takes the mask of the memory as a second constant', async () => {
    const [start, seen] = starts();
    const mask = input({ shape: [V], dtype: 'int32' });
    const outputs = decoder(scoreMode).apply(start, { constants: [seen, mask] });
    const given = new Network({
      inputs: [start, seen, mask],
      outputs,
      device: reference,
      seed: 5,
    });
    expectOutcome(
      await outcome(given, [x, memory, MEMORY_MASK]),
      await outcome(make(), [x, memory], { masks: [null, MEMORY_MASK] }),
      TIGHT,
    );
  });

  it('begins with zeros where only the states of the cell are given', async () => {
    const [start, seen] = starts();
    const h = input({ shape: [H] });
    const network = (inputs: SymbolicTensor[], initialState: SymbolicTensor[]) =>
      new Network({
        inputs,
        outputs: decoder(scoreMode).apply(start, { constants: seen, initialState }),
        device: reference,
        seed: 5,
      });
    const hosts = [x, memory, floats([B, H], 3)];
    const few = await outcome(network([start, seen, h], [h]), hosts);
    if (scoreMode === 'additive') {
      expect(() => network([start, seen, h], [h, h])).toThrow(/expected initial states h of shape/);
      return;
    }
    const a = input({ shape: [A] });
    const all = await outcome(network([start, seen, h, a], [h, a]), [
      ...hosts,
      { shape: [B, A], data: new Float32Array(B * A) },
    ]);
    expect([...few.outputs[0]]).toEqual([...all.outputs[0]]);
  });

  it('is loaded, and stands in a stack', async () => {
    const [start, seen] = starts();
    const cell = cells.attention(cells.lstm(M), { scoreMode, kernelInitializer: 'heNormal' });
    const outputs = rnn([cells.gru(H), cell], { returnSequences: true }).apply(start, {
      constants: seen,
    });
    const model = graph({ inputs: [start, seen], outputs, device: reference, seed: 2 });
    const loaded = await loadModel(await model.save(), { device: reference });
    const context = { masks: [MASK, MEMORY_MASK] };
    expectOutcome(
      await outcome(loaded, [x, memory], context),
      await outcome(model, [x, memory], context),
    );
  });
});

describe('an attention cell', () => {
  it('projects the memory once for all steps', async () => {
    const runs = (time: number): number => {
      const [start, seen] = [input({ shape: [time, I] }), input({ shape: [V, M] })];
      const outputs = decoder('additive').apply(start, { constants: seen });
      const network = new Network({ inputs: [start, seen], outputs, device: reference });
      const hosts = [floats([B, time, I], 1), memory].map(({ data, shape }) =>
        tensor(data, shape, 'float32', reference),
      );
      const before = reference.stats().dispatches;
      noGrad(() => network.forward(hosts));
      return reference.stats().dispatches - before;
    };
    const [two, three, four] = [2, 3, 4].map(runs);
    expect(four - three).toBe(three - two);
    expect(two).toBeGreaterThan(2 * (three - two));
  });

  it('says what it needs', () => {
    const [start, seen] = starts();
    expect(() => rnn(cells.attention(cells.gru(H))).apply(start)).toThrow(
      /^attention_cell: expected a memory \[batch, steps, features\] among the constants, .* got none; write rnn\(cell\)\.apply/,
    );
    expect(() =>
      rnn(cells.attention(cells.gru(H), { scoreMode: 'dot' })).apply(start, {
        constants: input({ shape: [V, 7] }),
      }),
    ).toThrow(/expected a memory with the 3 features .* got \[null,4,7\]; use 'general'/);
    expect(() => cells.attention(cells.convLSTM1D(2, 3))).toThrow(
      /^attention_cell: expected a cell with a state, and with one output of \[units\]/,
    );
    expect(() => cells.attention(cells.gru(H), { scoreMode: 'concat' as never })).toThrow(
      "attention_cell: expected scoreMode to be one of additive, dot, general, got 'concat'",
    );
    const weighed = rnn(cells.attention(cells.gru(H), { returnAttentionScores: true }));
    const outputs = weighed.apply<SymbolicTensor[]>(start, { constants: seen });
    const model = graph({ inputs: [start, seen], outputs, device: reference });
    expect(() => model.stream()).toThrow(
      /attention_cell: expected returnAttentionScores: false in a stream/,
    );
  });
});

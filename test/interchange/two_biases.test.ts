/** Layers that keep both biases of PyTorch train as PyTorch's modules do. */
import { describe, expect, it } from 'vitest';
import { layers, loadModel, optimizers, sequential, setSeed } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { fromTorch, readStateDict, toOnnx, toTorch } from '../../src/interchange/index.ts';
import { CUSTOM_LAYERS } from '../../src/layers/custom_layers.ts';
import { registerTorchLayers } from '../../src/interchange/index.ts';
import { allDevices, reference, testedDevices } from '../support/devices.ts';
import { formatFile } from '../support/formats.ts';
import { OnnxFile } from '../support/onnx-runtime.ts';

setSeed(3);

// ---- PyTorch in plain numbers -----------------------------------------------------------------------------------------

type Kind = 'rnn' | 'lstm' | 'gru';
type Weights = Map<string, number[]>;
const GATES = { rnn: 1, lstm: 4, gru: 3 };
const [B, T, I, H] = [2, 3, 2, 2];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
let drawn = 0;
/** Numbers between -0.6 and 0.6, the same ones in every run. */
const draw = (count: number): number[] =>
  Array.from({ length: count }, () => Math.sin(++drawn * 12.9898) * 0.6);

/** The names of nn.RNN, nn.LSTM and nn.GRU with two layers in both directions. */
function drawWeights(kind: Kind): { weights: Weights; shapes: Map<string, number[]> } {
  const [weights, shapes]: [Weights, Map<string, number[]>] = [new Map(), new Map()];
  for (const [layer, features] of [I, 2 * H].entries())
    for (const end of [`_l${layer}`, `_l${layer}_reverse`])
      for (const [name, ...rest] of [
        ['weight_ih', features],
        ['weight_hh', H],
        ['bias_ih'],
        ['bias_hh'],
      ] as [string, ...number[]][]) {
        const shape = [GATES[kind] * H, ...rest];
        shapes.set(name + end, shape);
        weights.set(name + end, draw(shape.reduce((a, b) => a * b, 1)).map(Math.fround));
      }
  return { weights, shapes };
}

/** W·x + b */
const product = (w: readonly number[], x: readonly number[], b: readonly number[]): number[] =>
  b.map((bias, row) => x.reduce((sum, value, k) => sum + value * w[row * x.length + k], bias));

/** What a cell gives: h, and c of an LSTM. */
function step(kind: Kind, ih: number[], hh: number[], h: number[], c: number[]): number[][] {
  const at = (k: number, j: number): number => ih[k * H + j] + hh[k * H + j];
  const units = h.map((_, j) => j);
  if (kind === 'rnn') return [units.map((j) => Math.tanh(at(0, j)))];
  if (kind === 'lstm') {
    const next = units.map(
      (j) => sigmoid(at(1, j)) * c[j] + sigmoid(at(0, j)) * Math.tanh(at(2, j)),
    );
    return [units.map((j) => sigmoid(at(3, j)) * Math.tanh(next[j])), next];
  }
  return [
    units.map((j) => {
      const n = Math.tanh(ih[2 * H + j] + sigmoid(at(0, j)) * hh[2 * H + j]);
      const z = sigmoid(at(1, j));
      return (1 - z) * n + z * h[j];
    }),
  ];
}

/** [T][features] of one row to [T][2·H]. */
function run(kind: Kind, weights: Weights, x: number[][]): number[][] {
  let rows = x;
  for (const layer of [0, 1]) {
    const each = [`_l${layer}`, `_l${layer}_reverse`].map((end, d) => {
      const [wi, wh, bi, bh] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) =>
        weights.get(name + end)!,
      );
      let [h, c]: number[][] = [new Array<number>(H).fill(0), new Array<number>(H).fill(0)];
      const out: number[][] = [];
      for (let k = 0; k < T; k++) {
        const t = d === 0 ? k : T - 1 - k;
        [h, c] = step(kind, product(wi, rows[t], bi), product(wh, h, bh), h, c);
        out[t] = h;
      }
      return out;
    });
    rows = rows.map((_, t) => [...each[0][t], ...each[1][t]]);
  }
  return rows;
}

function lossOf(kind: Kind, weights: Weights, x: number[][][], y: number[][][]): number {
  const found = x.map((row) => run(kind, weights, row)).flat(2);
  return y.flat(2).reduce((sum, value, i) => sum + (found[i] - value) ** 2, 0) / found.length;
}

/** So small that it does not matter that PyTorch adds it to another root than Keras and this library do. */
const EPSILON = 1e-12;

/** torch.optim.Adam, with gradients by differences. Changes the weights. */
function adamLosses(kind: Kind, weights: Weights, x: number[][][], y: number[][][]): number[] {
  const kept = new Map([...weights].map(([name, w]) => [name, w.map(() => [0, 0])]));
  return [1, 2, 3, 4, 5].map((count) => {
    const loss = lossOf(kind, weights, x, y);
    const gradients = [...weights].map(([name, w]) => {
      const slopes = w.map((value, i) => {
        // Of fourth order.
        const [a, b, c, d] = [-2e-3, -1e-3, 1e-3, 2e-3].map((by) => {
          w[i] = value + by;
          return lossOf(kind, weights, x, y);
        });
        w[i] = value;
        return (a - 8 * b + 8 * c - d) / 12e-3;
      });
      return [name, slopes] as const;
    });
    for (const [name, slopes] of gradients)
      slopes.forEach((g, i) => {
        const own = kept.get(name)![i];
        own[0] = 0.9 * own[0] + 0.1 * g;
        own[1] = 0.999 * own[1] + 0.001 * g * g;
        const [m, v] = [own[0] / (1 - 0.9 ** count), own[1] / (1 - 0.999 ** count)];
        weights.get(name)![i] -= (0.05 * m) / (Math.sqrt(v) + EPSILON);
      });
    return loss;
  });
}

/** [count][T][width] */
const block = (width: number): number[][][] =>
  Array.from({ length: B }, () =>
    Array.from({ length: T }, () => draw(width).map((value) => 3 * value)),
  );

const stateOf = ({ weights, shapes }: ReturnType<typeof drawWeights>) =>
  new Map(
    [...weights].map(([name, data]) => [
      `core.${name}`,
      { type: 'float32', shape: shapes.get(name)!, data: Float32Array.from(data) } as const,
    ]),
  );

async function train(net: Model, x: number[][][], y: number[][][]): Promise<number[]> {
  const optimizer = optimizers.adam({ learningRate: 0.05, epsilon: EPSILON });
  net.compile({ optimizer, loss: 'meanSquaredError' });
  const losses: number[] = [];
  for (let k = 0; k < 5; k++) losses.push((await net.trainOnBatch(x, y)).loss);
  return losses;
}

// ---- here -------------------------------------------------------------------------------------------------------------

describe.each(['rnn', 'lstm', 'gru'] as const)('the two biases of nn.%s', (kind) => {
  it.each(allDevices)('train as those of PyTorch: %s', async (_, open) => {
    const device = await open();
    drawn = 0;
    const own = drawWeights(kind);
    const state = stateOf(own);
    const [x, y] = [block(I), block(2 * H)];
    const expected = adamLosses(kind, own.weights, x, y);

    const net = await fromTorch(state, { core: 'core' }, { device, biases: 'separate' });
    const losses = await train(net, x, y);
    losses.forEach((loss, k) => expect(loss / expected[k]).toBeCloseTo(1, 4));

    // Weights after training too, both biases.
    // In float32, where a gradient is near zero, its sign is chance, and Adam does not see how small it is.
    const again = await readStateDict((await toTorch(net)).weights);
    const names = device !== reference ? [] : [...own.weights.keys()];
    const place = (name: string): string =>
      name.replace(/^(.*)_l1/, 'core_1.$1_l0').replace(/^(?!core)/, 'core.');
    for (const name of names) {
      const data = again.get(place(name))!.data as Float32Array;
      own.weights.get(name)!.forEach((w, i) => expect(data[i], name).toBeCloseTo(w, 5));
    }

    // One bias in place of the two, unless it is a GRU, does not move as far.
    const one = await fromTorch(state, { core: 'core' }, { device });
    const others = await train(one, x, y);
    expect(Math.abs(others[4] / expected[4] - 1) > 1e-3).toBe(kind !== 'gru');
    net.dispose();
    one.dispose();
  });
});

describe('layers with both biases', () => {
  const [device] = [reference];
  const make = async (file: string, modules: any): Promise<Model> => {
    const state = await readStateDict(await formatFile('pytorch', file));
    return fromTorch(state, modules, { device, biases: 'separate' });
  };

  it('give what one bias gives, and go back to PyTorch as two', async () => {
    const state = await readStateDict(await formatFile('pytorch', 'bilstm_linear.pt'));
    const two = await make('bilstm_linear.pt', { lstm: 'lstm', head: 'head' });
    const one = await fromTorch(state, { lstm: 'lstm', head: 'head' }, { device });
    expect(two.layers[1].weights.map(({ shape }) => shape)).toEqual(
      [[5, 24], [6, 24], [2, 24], [5, 24], [6, 24], [2, 24]], // prettier-ignore
    );
    const x = [[[1, 2, 3, 4, 5], [0, 1, 0, 1, 0]]]; // prettier-ignore
    const [a, b] = [two, one].map((net) => net.predict<any>(x));
    const [left, right] = await Promise.all([(await a).data(), (await b).data()]);
    left.forEach((value: number, i: number) => expect(value).toBeCloseTo(right[i], 6));

    const back = await readStateDict((await toTorch(two)).weights);
    for (const [there, here] of [
      ['lstm.bias_ih_l0', 'lstm.bias_ih_l0'],
      ['lstm.bias_hh_l0_reverse', 'lstm.bias_hh_l0_reverse'],
      ['lstm.bias_hh_l1', 'lstm_1.bias_hh_l0'],
    ])
      expect([...back.get(here)!.data], here).toEqual([...state.get(there)!.data]);

    // Into a model that is there, and whose layers have two.
    two.setWeights(
      (await two.getWeights()).map(({ shape, data }) => ({ shape, data: data.map(() => 0) })),
    );
    await fromTorch(back, { lstm: 'lstm', lstm_1: 'lstm_1' }, { model: two });
    const again = await readStateDict((await toTorch(two)).weights);
    expect([...again.get('lstm.bias_hh_l0')!.data]).toEqual([
      ...state.get('lstm.bias_hh_l0')!.data,
    ]);
  });

  it('have projections, and none where the module has no bias', async () => {
    const narrow = await make('lstm_proj.pt', { lstm: '' });
    expect(narrow.layers.map(({ className }) => className)).toEqual([
      'InputLayer',
      'Bidirectional',
      'Bidirectional',
    ]);
    expect(narrow.layers[1].sublayers[0].className).toBe('TorchProjectedLSTM');
    const bare = await make('rnn_relu_strided.pt', { rnn: { module: '', activation: 'relu' } });
    expect(bare.layers[1].className).toBe('SimpleRNN');
  });

  it('are saved and loaded, in a program that says so', async () => {
    const net = await make('bilstm_linear.pt', { lstm: 'lstm', head: 'head' });
    const saved = await net.save();
    for (const name of Object.keys(CUSTOM_LAYERS))
      if (name.startsWith('Torch')) delete CUSTOM_LAYERS[name];
    await expect(loadModel(saved, { device })).rejects.toThrow(
      /got 'TorchLSTM'; call registerTorchLayers\(\) of gatefold\/formats before/,
    );
    await registerTorchLayers();
    const loaded = await loadModel(saved, { device });
    const values = async (model: Model) =>
      (await model.getWeights()).map(({ shape, data }) => [shape, [...data]]);
    expect(await values(loaded)).toEqual(await values(net));
  });

  it.each(testedDevices)('stream, and become an operator of ONNX: $name', async ({ open }) => {
    const own = await open();
    const state = await readStateDict(await formatFile('pytorch', 'lstm_legacy.pt'));
    const net = await fromTorch(state, { lstm: 'lstm' }, { device: own, biases: 'separate' });
    const x = [[1, 2, 3, 4], [4, 3, 2, 1], [0, 1, 0, -1]].map((row) => row.slice(0, net.inputs[0].shape.at(-1)!)); // prettier-ignore
    const all = (await net.predict<number[][][]>([x], { as: 'array' }))[0];
    const stream = net.stream();
    for (const [t, row] of x.entries()) {
      const found = Array.from(await stream.step([row]));
      expect(found).toHaveLength(all[t].length);
      found.forEach((value, i) => expect(value).toBeCloseTo(all[t][i], 5));
    }
    const session = await OnnxFile.open(await toOnnx(net));
    const given = { shape: [1, 3, x[0].length], data: Float32Array.from(x.flat()) };
    const [output] = Object.values(await session.run({ [session.inputs[0]]: given }));
    all.flat().forEach((value, i) => expect(output.data[i]).toBeCloseTo(value, 5));
  });

  it('are not asked of a model that is there', async () => {
    const net = sequential([layers.input({ shape: [null, 2] }), layers.lstm(2, { name: 'core' })], {
      device,
    });
    const state = stateOf(drawWeights('lstm'));
    await expect(
      fromTorch(state, { core: 'core' }, { model: net, biases: 'separate' }),
    ).rejects.toThrow(/expected biases where a model is made, got 'separate' with a model/);
    await expect(
      fromTorch(state, { core: 'core' }, { device, biases: 'two' as never }),
    ).rejects.toThrow(/biases to be one of summed, separate|expected biases/);
  });
});

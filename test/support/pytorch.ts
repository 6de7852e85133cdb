/** PyTorch's recurrent modules (golden vectors) through this library's operation: weights there and gradients back. */
import type { CellName } from '../../src/backend.ts';
import { CELLS } from '../../src/kernels.generated.ts';
import { add, mul } from '../../src/ops/map.ts';
import { matmul } from '../../src/ops/matmul.ts';
import { normalize } from '../../src/ops/normalize.ts';
import { recurrent } from '../../src/ops/recurrent.ts';
import type { Direction } from '../../src/ops/recurrent.ts';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import type { Build } from './check.ts';
import type { GoldenCase, GoldenTensor } from './fixtures.ts';
import type { Host } from './random.ts';

/** A case as inputs, cotangents and expectations, all in this library's layouts. */
export interface Translated {
  inputs: Host[];
  names: string[];
  build: Build;
  cotangents: Host[];
  outputs: { name: string; data: Float32Array }[];
  gradients: { name: string; data: Float32Array }[];
}

interface Config {
  kind: 'rnn_tanh' | 'rnn_relu' | 'lstm' | 'gru';
  inputSize: number;
  numLayers: number;
  bidirectional: boolean;
  bias: boolean;
  batchFirst: boolean;
  /** Width of h, of an LSTM that projects it. */
  projSize?: number;
  initialState: boolean;
  lengths: number[] | null;
}

const CELL: Record<Config['kind'], CellName> = {
  rnn_tanh: 'simple',
  rnn_relu: 'simple',
  lstm: 'lstm',
  gru: 'gru',
};

/** Keras' z r n from PyTorch's r z n; the LSTM's i f g o are the same. */
const GATE_ORDER: Record<Config['kind'], number[]> = {
  rnn_tanh: [0],
  rnn_relu: [0],
  lstm: [0, 1, 2, 3],
  gru: [1, 0, 2],
};

/** [G·H, N] -> [N, G·H] with the gates in Keras' order. */
export function kernelOf(weight: GoldenTensor, order: readonly number[]): Host {
  const [rows, columns] = weight.shape;
  const H = rows / order.length;
  const data = new Float32Array(weight.data.length);
  order.forEach((from, to) => {
    for (let j = 0; j < H; j++)
      for (let n = 0; n < columns; n++)
        data[n * rows + to * H + j] = weight.data[(from * H + j) * columns + n];
  });
  return { shape: [columns, rows], data };
}

/** A bias [G·H] with the gates in Keras' order. */
function gatesOf(bias: GoldenTensor, order: number[]): Float32Array {
  const H = bias.data.length / order.length;
  const data = new Float32Array(bias.data.length);
  order.forEach((from, to) => data.set(bias.data.subarray(from * H, (from + 1) * H), to * H));
  return data;
}

/** Swaps the first two axes of [A,B,N]. */
export function swap(t: GoldenTensor): Host {
  const [A, B, N] = t.shape;
  const data = new Float32Array(t.data.length);
  for (let a = 0; a < A; a++)
    for (let b = 0; b < B; b++)
      data.set(t.data.subarray((a * B + b) * N, (a * B + b + 1) * N), (b * A + a) * N);
  return { shape: [B, A, N], data };
}

/** Any of PyTorch's layouts of a sequence to [B,T,N]. */
function batchMajor(t: GoldenTensor, batchFirst: boolean): Host {
  if (t.shape.length === 2) return { shape: [1, ...t.shape], data: t.data };
  return batchFirst ? { shape: [...t.shape], data: t.data } : swap(t);
}

export function translate(golden: GoldenCase): Translated {
  const config = golden.config as Config;
  const { kind, numLayers, bias, projSize } = config;
  const cell = projSize ? 'lstm_projected' : CELL[kind];
  const STATES = CELLS[cell].states.length;
  const order = GATE_ORDER[kind];
  const D = config.bidirectional ? 2 : 1;
  const stateNames = ['h', 'c'].slice(0, STATES);

  const inputs: Host[] = [];
  const names: string[] = [];
  const add = (name: string, host: Host): number => {
    inputs.push(host);
    names.push(name);
    return inputs.length - 1;
  };
  const gradients: Translated['gradients'] = [];
  const expectGradient = (name: string, data: Float32Array | Int32Array) =>
    gradients.push({ name, data: data as Float32Array });

  const x = batchMajor(golden.inputs.x, config.batchFirst);
  const [B, T] = x.shape;
  add('x', x);
  expectGradient('x', batchMajor(golden.grads.x, config.batchFirst).data);

  const stateOf = (t: GoldenTensor, index: number): Host => {
    const width = t.shape.at(-1)!;
    return {
      shape: [B, width],
      data: t.data.slice(index * B * width, (index + 1) * B * width),
    };
  };
  const layers = Array.from({ length: numLayers }, (_, layer) =>
    Array.from({ length: D }, (_, d) => {
      const suffix = `_l${layer}${d ? '_reverse' : ''}`;
      const index = layer * D + d;
      const weights: number[] = [];
      for (const [part, gates] of [
        ['ih', order],
        ['hh', order],
        ...(projSize ? ([['hr', [0]]] as const) : []),
      ] as const) {
        const name = `weight_${part}${suffix}`;
        weights.push(add(name, kernelOf(golden.params[name], gates)));
        expectGradient(name, kernelOf(golden.grads[name], gates).data);
      }
      if (bias) {
        const [input, hidden] = ['ih', 'hh'].map((p) =>
          gatesOf(golden.params[`bias_${p}${suffix}`], order),
        );
        const [dInput, dHidden] = ['ih', 'hh'].map((p) =>
          gatesOf(golden.grads[`bias_${p}${suffix}`], order),
        );
        const size = input.length;
        if (kind === 'gru') {
          weights.push(
            add(`bias${suffix}`, { shape: [2, size], data: Float32Array.of(...input, ...hidden) }),
          );
          expectGradient(`bias${suffix}`, Float32Array.of(...dInput, ...dHidden));
        } else {
          // A Float64Array keeps the sum exact on the twin.
          const sum = Float64Array.from(input, (v, i) => v + hidden[i]) as unknown as Float32Array;
          weights.push(add(`bias${suffix}`, { shape: [size], data: sum }));
          expectGradient(`bias${suffix}`, dInput);
        }
      }
      const states = config.initialState
        ? stateNames.map((s) => {
            const name = `${s}0[${index}]`;
            expectGradient(name, stateOf(golden.grads[`${s}0`], index).data);
            return add(name, stateOf(golden.inputs[`${s}0`], index));
          })
        : null;
      return { weights, states, reverse: d === 1 };
    }),
  );

  const lengths = config.lengths;
  const mask =
    lengths &&
    Int32Array.from({ length: B * T }, (_, i) => Number(i % T < lengths[Math.floor(i / T)]));

  const build: Build = (tensors) => {
    const device = tensors[0].device;
    let sequence: Tensor = tensors[0];
    const finals: Tensor[][] = [];
    for (const layer of layers) {
      const directions = layer.map((d): Direction => ({
        kernel: tensors[d.weights[0]],
        recurrentKernel: tensors[d.weights[1]],
        projection: projSize ? tensors[d.weights[2]] : null,
        bias: bias ? tensors[d.weights.at(-1)!] : null,
        initialState: d.states?.map((i) => tensors[i]) ?? null,
        reverse: d.reverse,
      }));
      const result = recurrent(sequence, directions, {
        cell,
        activation: kind === 'rnn_relu' ? 'relu' : 'tanh',
        mask: mask && tensor(mask, [B, T], 'int32', device),
        returnSequences: true,
        zeroOutputForMask: true,
      });
      sequence = result.output;
      finals.push(...result.states);
    }
    return [sequence, ...finals.flat()];
  };

  const outputs = [
    { name: 'y', data: batchMajor(golden.outputs.y, config.batchFirst).data as Float32Array },
  ];
  const cotangents = [batchMajor(golden.outgrads.y, config.batchFirst)];
  for (let index = 0; index < numLayers * D; index++)
    for (const s of stateNames) {
      outputs.push({
        name: `${s}n[${index}]`,
        data: stateOf(golden.outputs[`${s}n`], index).data as Float32Array,
      });
      cotangents.push(stateOf(golden.outgrads[`${s}n`], index));
    }
  return { inputs, names, build, cotangents, outputs, gradients };
}

/** A case of rnn_cells: one step, seen as a sequence of length 1. */
export function translateCell(golden: GoldenCase): Translated {
  const { kind, batch } = golden.config as { kind: Config['kind']; batch: number };
  const lift = (t: GoldenTensor): GoldenTensor => ({ ...t, shape: [1, ...t.shape] });
  const states = kind === 'lstm' ? ['h', 'c'] : ['h'];
  const rename = (group: Record<string, GoldenTensor>): Record<string, GoldenTensor> =>
    Object.fromEntries(
      Object.entries(group).map(([name, t]) => {
        if (name === 'x') return [name, lift(t)];
        if (states.includes(name)) return [`${name}0`, lift(t)];
        return [`${name}_l0`, t];
      }),
    );
  const finals = (group: Record<string, GoldenTensor>): Record<string, GoldenTensor> => ({
    // The cell has no y; its share of the cotangent is zero, its value h.
    y: lift(group.h),
    ...Object.fromEntries(states.map((s) => [`${s}n`, lift(group[s])])),
  });
  const zero = (t: GoldenTensor): GoldenTensor => ({ ...t, data: new Float32Array(t.data.length) });
  const outgrads = finals(golden.outgrads);
  return translate({
    ...golden,
    config: {
      ...golden.config,
      numLayers: 1,
      bidirectional: false,
      batchFirst: false,
      initialState: true,
      lengths: null,
      batch,
    },
    inputs: rename(golden.inputs),
    params: rename(golden.params),
    grads: rename(golden.grads),
    outputs: finals(golden.outputs),
    outgrads: { ...outgrads, y: zero(outgrads.y) },
  });
}

/** A case of lstm_layernorm: the input side is normalized before, and its bias and the three of the case are one sum. */
export function translateLayerNorm({
  inputs,
  params,
  outputs,
  outgrads,
  grads,
}: GoldenCase): Translated {
  const H = params.gc.shape[0];
  const plain = ({ shape, data }: GoldenTensor): Host => ({ shape: [...shape], data });
  const state = (t: GoldenTensor): Host => ({ shape: [...t.shape], data: t.data });
  const sum = Float64Array.from(params.b.data, (b, i) => b + params.bx.data[i] + params.bh.data[i]);
  /** Gains of the recurrent products, then gain and bias of the cell state. */
  const norms = ({ gh, gc, bc }: Record<string, GoldenTensor>): Host => ({
    shape: [6, H],
    data: Float32Array.of(...[gh, gc, bc].flatMap(({ data }) => Array.from(data))),
  });
  const names = ['x', 'W', 'gx', 'b', 'U', 'norms', 'h0', 'c0'];
  const gradients = [
    swap(grads.x),
    kernelOf(grads.W, [0]),
    plain(grads.gx),
    plain(grads.b),
    kernelOf(grads.U, [0]),
    norms(grads),
    state(grads.h0),
    state(grads.c0),
  ];
  return {
    names,
    inputs: [
      swap(inputs.x),
      kernelOf(params.W, [0]),
      plain(params.gx),
      { shape: [4 * H], data: sum as unknown as Float32Array },
      kernelOf(params.U, [0]),
      norms(params),
      state(inputs.h0),
      state(inputs.c0),
    ],
    build: ([x, W, gx, b, recurrentKernel, unitWeights, ...initialState]) => {
      const sides = add(mul(normalize(matmul(x, W), -1, 1e-5), gx), b);
      const weights = { kernel: null, recurrentKernel, bias: null, unitWeights };
      const result = recurrent(sides, [{ ...weights, initialState, reverse: false }], {
        cell: 'lstm_layernorm',
        returnSequences: true,
      });
      return [result.output, ...result.states[0]];
    },
    cotangents: [swap(outgrads.y), state(outgrads.hn), state(outgrads.cn)],
    outputs: [
      { name: 'y', data: swap(outputs.y).data as Float32Array },
      { name: 'hn', data: outputs.hn.data as Float32Array },
      { name: 'cn', data: outputs.cn.data as Float32Array },
    ],
    gradients: gradients.map(({ data }, i) => ({ name: names[i], data: data as Float32Array })),
  };
}

/** A case of gru_reset_before: weights by gate. */
export function translateResetBefore(golden: GoldenCase): Translated {
  const { batch: B, hiddenSize: H } = golden.config as Record<string, number>;
  const gates = ['z', 'r', 'n'];
  const columns = (group: Record<string, GoldenTensor>, letter: string): Host => {
    const parts = gates.map((g) => kernelOf(group[letter + g], [0]));
    const [rows] = parts[0].shape;
    const data = new Float32Array(rows * 3 * H);
    parts.forEach((part, g) => {
      for (let i = 0; i < rows; i++)
        data.set(part.data.subarray(i * H, (i + 1) * H), i * 3 * H + g * H);
    });
    return { shape: [rows, 3 * H], data };
  };
  const bias = (group: Record<string, GoldenTensor>): Float32Array =>
    Float32Array.of(...gates.flatMap((g) => Array.from(group[`b${g}`].data)));
  const state = (t: GoldenTensor): Host => ({ shape: [B, H], data: t.data });
  return {
    names: ['x', 'W', 'U', 'b', 'h0'],
    inputs: [
      swap(golden.inputs.x),
      columns(golden.params, 'W'),
      columns(golden.params, 'U'),
      { shape: [3 * H], data: bias(golden.params) },
      state(golden.inputs.h0),
    ],
    build: ([x, kernel, recurrentKernel, b, h0]) => {
      const direction = { kernel, recurrentKernel, bias: b, initialState: [h0], reverse: false };
      const result = recurrent(x, [direction], { cell: 'gru_reset_before', returnSequences: true });
      return [result.output, result.states[0][0]];
    },
    cotangents: [swap(golden.outgrads.y), state(golden.outgrads.hn)],
    outputs: [
      { name: 'y', data: swap(golden.outputs.y).data as Float32Array },
      { name: 'hn', data: golden.outputs.hn.data as Float32Array },
    ],
    gradients: [
      { name: 'x', data: swap(golden.grads.x).data as Float32Array },
      { name: 'W', data: columns(golden.grads, 'W').data as Float32Array },
      { name: 'U', data: columns(golden.grads, 'U').data as Float32Array },
      { name: 'b', data: bias(golden.grads) },
      { name: 'h0', data: golden.grads.h0.data as Float32Array },
    ],
  };
}

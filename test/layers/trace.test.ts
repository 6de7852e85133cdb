/** `traceLayer()` and `traceModel()`: against the cells' equations, against finite differences, and every device against the twin. */
import { describe, expect, it } from 'vitest';
import type { Device, SequenceOptions } from '../../src/backend.ts';
import { MAPS } from '../../src/kernels.generated.ts';
import * as layers from '../../src/layers/index.ts';
import type { Bidirectional } from '../../src/layers/bidirectional.ts';
import type { RecurrentLayer, RecurrentLayerOptions } from '../../src/layers/recurrent.ts';
import { traceLayer } from '../../src/layers/trace.ts';
import type { BidirectionalTrace, Trace, TraceArray } from '../../src/layers/trace.ts';
import { mean, sum } from '../../src/ops/reduce.ts';
import { add, mul, square, sub } from '../../src/ops/map.ts';
import { model, sequential } from '../../src/model/create.ts';
import { traceModel } from '../../src/model/trace.ts';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { gpu, openWasm, reference, testedDevices } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { settled } from '../support/garbage.ts';
import { functions } from './naive.ts';

/** More rows than a workgroup takes, so that they are sorted; units that are padded where they come in fours. */
const [B, T, I, H, P] = [10, 6, 3, 5, 3];
const { tanh, sigmoid } = functions;

/** Outside of training, states are the expectation. */
const ZONEOUT = { output: 0.2, state: 0.4 };

type Options = RecurrentLayerOptions & { recurrentActivation?: 'silu' };
type Make = (options?: Options) => RecurrentLayer;
const CELLS: [string, Make][] = [
  ['simple', ({ recurrentActivation: _, ...options } = {}) => layers.simpleRNN(H, options)],
  ['lstm', (options) => layers.lstm(H, options)],
  ['gru', (options) => layers.gru(H, options)],
  ['gru_reset_before', (options) => layers.gru(H, { ...options, resetAfter: false })],
  ['lstm_peephole', (options) => layers.peepholeLSTM(H, options)],
  ['lstm_peephole_coupled', (options) => layers.peepholeLSTM(H, { ...options, coupled: true })],
  ['lstm_projected', (options) => layers.projectedLSTM(H, { ...options, projectionUnits: P })],
  ['lstm_layernorm', (options) => layers.layerNormLSTM(H, options)],
  [
    'clockwork',
    ({ recurrentActivation: _, ...options } = {}) =>
      layers.clockworkRNN(H, { ...options, periods: [2] }),
  ],
  [
    'ind_rnn',
    ({ recurrentActivation: _, ...options } = {}) =>
      layers.indRNN(H, { activation: 'tanh', ...options }),
  ],
  ['minimal_gated_unit', (options) => layers.minimalGatedUnit(H, options)],
  ['slstm', ({ recurrentActivation: _, ...options } = {}) => layers.sLSTM(H, options)],
  ['lstm with zoneout', (options) => layers.lstm(H, { ...options, zoneout: ZONEOUT })],
];

const X = floats([B, T, I], 5);
/** Every kind of row. */
const PATTERNS = ['111111', '111000', '001111', '100110', '000000', '010101', '111110', '000001'];
const MASK = Array.from({ length: B }, (_, b) => Array.from(PATTERNS[b % 8], Number));

/** The layer, built on a device with random weights. */
function built<L extends RecurrentLayer | Bidirectional>(layer: L, device: Device, seed = 11): L {
  const x = layers.input({ shape: [null, I] });
  const network = model({ inputs: x, outputs: layer.applyAll([x]), device, seed: 1 });
  network.setWeights(network.weights.map(({ shape }, i) => floats([...shape], seed + i, 0.8)));
  return layer;
}

const size = (b: number, t: number, width: number) => (b * T + t) * width;
const at = ({ data, shape }: TraceArray, b: number, t: number): number[] => {
  const width = shape[2] ?? 1;
  return Array.from(data.subarray(size(b, t, width), size(b, t, width) + width));
};
const zip = (f: (...values: number[]) => number, ...lists: number[][]): number[] =>
  lists[0].map((_, j) => f(...lists.map((list) => list[j])));

/** Of each cell: the states after a step, from its gates and the states before. */
type Step = (gates: Record<string, number[]>, states: Record<string, number[]>) => number[][];
const cellState: Step = ({ i, f, g }, { c }) => [zip((i, f, g, c) => f * c + i * g, i, f, g, c)];
const lstmStep: Step = (gates, states) => {
  const [c] = cellState(gates, states);
  return [zip((o, c) => o * tanh(c), gates.o, c), c];
};
const gruStep: Step = ({ z, n }, { h }) => [zip((z, n, h) => z * h + (1 - z) * n, z, n, h)];
const STEPS: Record<string, Step> = {
  simple: ({ n }) => [n],
  lstm: lstmStep,
  lstm_peephole: lstmStep,
  lstm_peephole_coupled: (gates, states) =>
    lstmStep({ ...gates, f: gates.i.map((i) => 1 - i) }, states),
  gru: gruStep,
  gru_reset_before: gruStep,
  ind_rnn: ({ n }) => [n],
  minimal_gated_unit: ({ f, n }, { h }) => [zip((f, n, h) => (1 - f) * h + f * n, f, n, h)],
  slstm: ({ i, f, z, o }, states) => {
    const c = zip((f, c, i, z) => f * c + i * z, f, states.c, i, z);
    const n = zip((f, n, i) => f * n + i, f, states.n, i);
    return [zip((o, c, n) => (o * c) / n, o, c, n), c, n];
  },
  'lstm with zoneout': (gates, states) => {
    const [h, c] = lstmStep(gates, states);
    const { output, state } = ZONEOUT;
    return [
      zip((old, made) => output * old + (1 - output) * made, states.h, h),
      zip((old, made) => state * old + (1 - state) * made, states.c, c),
    ];
  },
};

const allArrays = ({ gates, states, gradients, gradientNorms }: Trace) => ({
  ...Object.fromEntries(Object.entries(gates).map(([name, one]) => [`gate ${name}`, one])),
  ...Object.fromEntries(Object.entries(states).map(([name, one]) => [`state ${name}`, one])),
  ...Object.fromEntries(Object.entries(gradients ?? {}).map(([k, one]) => [`gradient ${k}`, one])),
  ...Object.fromEntries(Object.entries(gradientNorms ?? {}).map(([k, one]) => [`norm ${k}`, one])),
});

/** Σ weights∘output. */
const weighted =
  ({ data }: Host) =>
  (output: Tensor): Tensor =>
    sum(mul(output, tensor(data.slice(0, output.size), output.shape, 'float32', output.device)));
const COTANGENT = floats([B, T, 16], 31);

describe.each(CELLS)('%s', (cell, make) => {
  it.each(['whole sequences', 'the last output', 'backwards'])(
    'tells what it does, %s',
    async (way) => {
      const returnSequences = way !== 'the last output';
      const layer = built(make({ returnSequences, goBackwards: way === 'backwards' }), reference);
      const trace = await traceLayer(layer, X, { mask: MASK });
      const { facts } = layer;
      expect(Object.keys(trace.gates)).toEqual(facts.gates);
      expect(Object.keys(trace.states)).toEqual(facts.states);
      expect(trace.gradients).toBe(null);
      expect(Array.from(trace.mask!.data)).toEqual(MASK.flat());
      facts.states.forEach((name, s) =>
        expect(trace.states[name].shape).toEqual([B, T, layer.stateShapes[s][0]]),
      );
      const order = Array.from({ length: T }, (_, t) => (way === 'backwards' ? T - 1 - t : t));
      for (let b = 0; b < B; b++) {
        let states = Object.fromEntries(
          facts.states.map((name, s) => [name, Array<number>(layer.stateShapes[s][0]).fill(0)]),
        );
        for (const t of order) {
          const gates = Object.fromEntries(
            facts.gates.map((name) => [name, at(trace.gates[name], b, t)]),
          );
          const now = Object.fromEntries(
            facts.states.map((name) => [name, at(trace.states[name], b, t)]),
          );
          if (!MASK[b][t]) {
            expect(now).toEqual(states);
            expect(Object.values(gates).flat().every(Number.isNaN)).toBe(true);
          } else
            STEPS[cell]?.(gates, states).forEach((values, s) =>
              expectClose(
                now[facts.states[s]],
                values,
                `${facts.states[s]} of row ${b}, step ${t}`,
                TOLERANCE.golden,
              ),
            );
          states = now;
        }
      }
    },
  );

  it('has gates that are activated by the function of their own', async () => {
    // What is saved of these is what they were applied to.
    const options = { activation: 'gelu', recurrentActivation: 'silu' } as const;
    expect(MAPS.gelu.fromValue || MAPS.silu.fromValue).toBe(false);
    const layer = built(make({ ...options, useBias: false }), reference);
    const x = floats([B, 1, I], 6);
    const trace = await traceLayer(layer, x);
    const sides = layer.inputSides(tensor(x.data, x.shape, 'float32', reference));
    const inputs = await sides.data();
    const [kernel, ...others] = await layer.getWeights();
    const peepholes = others.find(({ name }) => name.endsWith('/peephole_kernel'));
    const { gates } = layer.facts;
    const beforeOf = (name: string): number[] =>
      Array.from({ length: B * H }, (_, place) => {
        const [b, j] = [Math.floor(place / H), place % H];
        const column = gates.indexOf(name) * H + j;
        let before = 0;
        if (sides.shape[2] !== I) before = inputs[b * gates.length * H + column];
        else
          for (let i = 0; i < I; i++)
            before += x.data[b * I + i] * kernel.data[i * gates.length * H + column];
        // The states before the step are zero; the output gate sees the one after it.
        if (peepholes && name === 'o')
          before += peepholes.data.at(j - H)! * trace.states.c.data[place];
        return before;
      });
    const silu = (x: number): number => x * sigmoid(x);
    const expected: Record<string, number[]> =
      cell === 'slstm'
        ? exponentialGates(beforeOf)
        : Object.fromEntries(
            gates.map((name) => [name, beforeOf(name).map(/^[gn]$/.test(name) ? gelu : silu)]),
          );
    for (const name of gates)
      expectClose(trace.gates[name].data, expected[name], `gate ${name}`, TOLERANCE.golden);
  });

  it('has the gradients of its states, by finite differences', async () => {
    const layer = built(make({ returnSequences: true, returnState: true }), reference);
    const widths = layer.stateShapes.map(([width]) => width);
    const names = layer.facts.states;
    const weights = floats([B, T, widths[0]], 41);
    const finals = widths.map((width, s) => floats([B, width], 43 + s));
    const lossOf = (output: ArrayLike<number>, states: readonly ArrayLike<number>[]) =>
      [output, ...states].reduce(
        (total, values, k) =>
          total +
          Array.from(values).reduce((sum, v, i) => sum + v * [weights, ...finals][k].data[i], 0),
        0,
      );
    const trace = await traceLayer(layer, X, {
      loss: (output, ...states) =>
        states.reduce(
          (total, state, s) => add(total, weighted(finals[s])(state)),
          weighted(weights)(output),
        ),
    });
    /** Steps `begin` to `end` of all rows. */
    const part = (begin: number, end: number): Host => ({
      shape: [B, end - begin, I],
      data: X.data.filter((_, i) => {
        const t = Math.floor(i / I) % T;
        return t >= begin && t < end;
      }),
    });
    const { states } = await traceLayer(layer, X);
    const t = 2;
    const before = names.map((name) => ({
      shape: [B, states[name].shape[2]],
      data: Float64Array.from(Array.from({ length: B }, (_, b) => at(states[name], b, t)).flat()),
    }));
    // A cell that asks for the time would begin to count anew.
    if (layer.facts.timed) return;
    const valueAt = async (s: number, along: Float32Array, offset: number): Promise<number> => {
      const moved = before.map((state, k) =>
        k === s
          ? { ...state, data: state.data.map((value, i) => value + offset * along[i]) }
          : state,
      );
      const rest = await traceLayer(layer, part(t + 1, T), { initialState: moved });
      const output = new Float64Array(B * T * widths[0]);
      for (let b = 0; b < B; b++)
        for (let n = t; n < T; n++) {
          const width = widths[0];
          const values =
            n === t
              ? moved[0].data.subarray(b * width, (b + 1) * width)
              : rest.states.h.data.subarray(
                  (b * (T - 1 - t) + n - t - 1) * width,
                  (b * (T - 1 - t) + n - t) * width,
                );
          output.set(values, size(b, n, width));
        }
      const last = names.map((name) => {
        const { data, shape } = rest.states[name];
        const width = shape[2];
        return Array.from({ length: B }, (_, b) => {
          const from = (b * shape[1] + shape[1] - 1) * width;
          return Array.from(data.subarray(from, from + width));
        }).flat();
      });
      return lossOf(output, last);
    };
    for (const [s, name] of names.entries()) {
      const along = floats([B, widths[s]], 51 + s).data as Float32Array;
      const step = 1e-5;
      const numeric =
        ((await valueAt(s, along, step)) - (await valueAt(s, along, -step))) / (2 * step);
      let analytic = 0;
      for (let b = 0; b < B; b++)
        at(trace.gradients![name], b, t).forEach(
          (value, j) => (analytic += value * along[b * widths[s] + j]),
        );
      expectClose([analytic], [numeric], `∂L/∂${name}`, { absolute: 1e-8, relative: 1e-6 });
    }
    const { data } = trace.gradientNorms!.h;
    expectClose(
      data,
      Array.from({ length: B * T }, (_, i) => Math.hypot(...at(trace.gradients!.h, 0, i))),
      'norms',
      TOLERANCE.golden,
    );
  });

  it.each(testedDevices.map(({ name }) => name))(
    'shows on %s what the twin shows',
    async (name) => {
      const { open, tolerance } = testedDevices.find((one) => one.name === name)!;
      const wrap: [string, () => RecurrentLayer | Bidirectional][] = [
        ['forwards', () => make({ returnSequences: true })],
        ['backwards, last output', () => make({ goBackwards: true })],
        ['both ways', () => layers.bidirectional(make({ returnSequences: true }))],
      ];
      // Every cell goes each way, with and without a mask in turn.
      const turn = CELLS.findIndex(([other]) => other === cell);
      for (const [k, [way, wrapped]] of wrap.entries()) {
        const masked = (turn + k) % 2 === 0;
        const options = { ...(masked && { mask: MASK }), loss: weighted(COTANGENT) };
        const twin = await traceLayer(built(wrapped(), reference), X, options);
        const actual = await traceLayer(built(wrapped(), await open({ poison: true })), X, options);
        const pairs: [string, Trace, Trace][] =
          'forward' in twin
            ? (['forward', 'backward'] as const).map((d) => [
                d,
                (actual as BidirectionalTrace)[d],
                twin[d],
              ])
            : [[way, actual as Trace, twin]];
        for (const [what, one, other] of pairs) {
          const [got, expected] = [allArrays(one), allArrays(other)];
          expect(Object.keys(got)).toEqual(Object.keys(expected));
          for (const [key, { data, shape }] of Object.entries(expected)) {
            expect(got[key].shape).toEqual(shape);
            expectClose(got[key].data, data, `${way}, ${what}, ${key}`, tolerance.op);
          }
        }
      }
    },
  );
});

/** Of an sLSTM whose states are zero: an empty state takes the exponent of i, by which both are divided. */
function exponentialGates(beforeOf: (gate: string) => number[]): Record<string, number[]> {
  const [i, f] = [beforeOf('i'), beforeOf('f').map((x) => Math.log(sigmoid(x)))];
  return {
    i: i.map(() => 1),
    f: zip((f, i) => Math.exp(f - i), f, i),
    z: beforeOf('z').map(gelu),
    o: beforeOf('o').map(sigmoid),
  };
}

function gelu(x: number): number {
  // The error function by its series, exact enough for |x| of a few.
  let [term, total] = [x / Math.SQRT2, x / Math.SQRT2];
  for (let n = 1; n < 60; n++) {
    term *= -((x * x) / 2) / n;
    total += term / (2 * n + 1);
  }
  return 0.5 * x * (1 + (2 / Math.sqrt(Math.PI)) * total);
}

describe('masks, by finite differences of the equations', () => {
  /** A SimpleRNN by hand: the loss where h of row b, unit j is moved after step t. */
  function lossOf(
    [kernel, recurrent, bias]: Host[],
    options: RecurrentLayerOptions,
    moved: { b: number; t: number; j: number; by: number },
  ): number {
    let total = 0;
    for (let b = 0; b < B; b++) {
      let h = Array<number>(H).fill(0);
      let shown = Array<number>(H).fill(0);
      let begun = false;
      for (let n = 0; n < T; n++) {
        const t = options.goBackwards ? T - 1 - n : n;
        const real = MASK[b][t] === 1;
        if (real)
          h = h.map((_, j) => {
            let z = bias.data[j];
            for (let i = 0; i < I; i++) z += X.data[size(b, t, I) + i] * kernel.data[i * H + j];
            for (let k = 0; k < H; k++) z += h[k] * recurrent.data[k * H + j];
            return Math.tanh(z);
          });
        if (moved.b === b && moved.t === t) h[moved.j] += moved.by;
        begun ||= real;
        // The output of a masked step is that of the state, which passed through.
        shown = begun && (real || !options.zeroOutputForMask) ? h : Array<number>(H).fill(0);
        if (options.returnSequences)
          shown.forEach((v, j) => (total += v * COTANGENT.data[size(b, n, H) + j]));
      }
      if (!options.returnSequences)
        shown.forEach((v, j) => (total += v * COTANGENT.data[b * H + j]));
    }
    return total;
  }

  it.each<[string, RecurrentLayerOptions]>([
    ['sequences', { returnSequences: true }],
    ['sequences, masked outputs zero', { returnSequences: true, zeroOutputForMask: true }],
    ['sequences, backwards', { returnSequences: true, goBackwards: true }],
    ['the last output', {}],
    ['the last output, backwards, zero if masked', { goBackwards: true, zeroOutputForMask: true }],
  ])('%s', async (_, options) => {
    const layer = built(layers.simpleRNN(H, options), reference);
    const weights = layer.weights.map(({ shape }, i) => floats([...shape], 11 + i, 0.8));
    const { gradients } = await traceLayer(layer, X, { mask: MASK, loss: weighted(COTANGENT) });
    const by = 1e-5;
    for (let b = 0; b < B; b++)
      for (let t = 0; t < T; t++) {
        const j = (b + t) % H;
        const numeric =
          (lossOf(weights, options, { b, t, j, by }) -
            lossOf(weights, options, { b, t, j, by: -by })) /
          (2 * by);
        const found = at(gradients!.h, b, t)[j];
        expect(Math.abs(found - numeric), `row ${b}, step ${t}`).toBeLessThan(1e-7);
      }
  });
});

describe('every way to run a sequence', () => {
  const ways: SequenceOptions[] = [
    ...(['fold', 'step', 'rows'] as const).map((variant) => ({ variant })),
    { chunk: 2 },
  ];
  it.each(ways.map((way) => [JSON.stringify(way), way] as const))('%s', async (_, sequence) => {
    for (const device of [await gpu({ sequence }), await openWasm({ sequence })])
      for (const loss of [undefined, weighted(COTANGENT)]) {
        const options = { mask: MASK, ...(loss && { loss }) };
        const make = () => layers.bidirectional(layers.gru(8, { returnSequences: true }));
        const twin = await traceLayer(built(make(), reference), X, options);
        const actual = await traceLayer(built(make(), device), X, options);
        for (const d of ['forward', 'backward'] as const)
          for (const [key, { data }] of Object.entries(allArrays(twin[d])))
            expectClose(allArrays(actual[d])[key].data, data, `${d} ${key}`);
      }
  });
});

describe('a layer', () => {
  it('takes one example, lists and tensors', async () => {
    const layer = built(layers.lstm(H), reference);
    const nested = Array.from({ length: T }, (_, t) =>
      Array.from(X.data.slice(t * I, (t + 1) * I)),
    );
    const state = Array<number>(H).fill(0.5);
    const one = await traceLayer(layer, nested, { initialState: [state, state], mask: MASK[1] });
    const same = tensor([nested], undefined, 'float32', reference);
    const batch = await traceLayer(layer, same, {
      initialState: [[state], [state]],
      mask: [MASK[1]],
    });
    expect(one).toEqual(batch);
    expect(one.states.h.shape).toEqual([1, T, H]);
    expect(at(one.states.c, 0, 0)).not.toEqual(at((await traceLayer(layer, same)).states.c, 0, 0));
  });

  it.each(testedDevices.map(({ name, open }) => [name, open] as const))(
    'leaves no memory behind, and its own states and trainable weights alone, on %s',
    async (_, open) => {
      const device = await open();
      const layer = built(layers.lstm(H, { stateful: true }), device);
      layer.trainable = false;
      const options = { mask: MASK, loss: weighted(COTANGENT) };
      const first = await traceLayer(layer, X, options);
      await settled();
      const { storages } = device.stats();
      expect(await traceLayer(layer, X, options)).toEqual(first);
      expect(device.stats().storages).toBe(storages);
      expect(layer.weights.some(({ tracked }) => tracked)).toBe(false);
    },
  );

  it('leaves it to the first batch how many rows a stateful layer keeps states of', async () => {
    const layer = built(layers.lstm(H, { stateful: true }), reference);
    const one = { data: X.data.slice(0, T * I), shape: [1, T, I] };
    await traceLayer(layer, one);
    expect(layer.states).toBeNull();
    expect((await traceLayer(layer, X)).states.h.shape).toEqual([B, T, H]);
  });

  it('says what is wrong', async () => {
    await expect(traceLayer(layers.lstm(2), X)).rejects.toThrow(/lstm: expected a built layer/);
    const layer = built(layers.lstm(H, { name: 'own' }), reference);
    await expect(traceLayer(layer, floats([B, T, I + 1], 1))).rejects.toThrow(
      /own: expected 3 on the last axis/,
    );
    await expect(traceLayer(layer, X, { mask: [[1, 0]] })).rejects.toThrow(
      /own.*int32 mask of shape/,
    );
    const other = tensor(X.data, X.shape, 'float32', await openWasm());
    await expect(traceLayer(layer, other)).rejects.toThrow(
      /own: expected a tensor on the layer's device/,
    );
    const constant = tensor(1, [], 'float32', reference);
    await expect(traceLayer(layer, X, { loss: () => constant })).rejects.toThrow(
      /no trainable variable/,
    );
    await expect(traceLayer(layer, X, { loss: (h) => h })).rejects.toThrow(/reduce it to a scalar/);
  });
});

describe('a model', () => {
  const ids = [
    [1, 2, 3, 0],
    [4, 5, 0, 0],
    [2, 6, 1, 3],
  ];
  const y = [[1], [0], [0.5]];

  const tagger = (device: Device) => {
    const made = sequential(
      [
        layers.input({ shape: [null], dtype: 'int32' }),
        layers.embedding(7, I, { maskZero: true }),
        layers.gru(H, { returnSequences: true, name: 'first' }),
        layers.lstm(H, { name: 'second' }),
        layers.dense(1),
      ],
      { device, seed: 3 },
    );
    made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return made;
  };

  it.each([
    ...testedDevices.map(({ name, open }) => [name, open] as const),
    ['the float64 twin', () => Promise.resolve(reference)] as const,
  ])('traces each of its layers, with targets too, on %s', async (_, open) => {
    const made = tagger(await open());
    const [, embedding, first, second, dense] = made.layers;
    const context = { training: false, step: 0, seed: 0, masks: [null] };
    const trace = await traceModel(made, 'second', ids, { y });
    expect(Array.from(trace.mask!.data)).toEqual([1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1]);
    const below = await traceModel(made, first, ids);
    expect(below.gradients).toBe(null);
    const alone = await traceLayer(second as RecurrentLayer, below.states.h, {
      mask: { data: Array.from(trace.mask!.data), shape: [3, 4] },
      loss: (h) => {
        const [answer] = dense.run([h], context).outputs;
        return mean(square(sub(answer, tensor(y, undefined, 'float32', answer.device))));
      },
    });
    for (const [key, { data }] of Object.entries(allArrays(trace)))
      expectClose(data, allArrays(alone)[key].data, key);
    const output = await made.predict(ids);
    const h = Array.from({ length: 3 }, (_, b) => {
      const from = (b * 4 + 3) * H;
      return Array.from(trace.states.h.data.subarray(from, from + H));
    });
    const answers = dense.run([tensor(h, undefined, 'float32', output.device)], context);
    expectClose(await output.data(), await answers.outputs[0].data(), 'output');
    await expect(traceModel(made, embedding, ids)).rejects.toThrow(
      /expected a recurrent layer .*got Embedding/,
    );
  });

  it('says what is wrong', async () => {
    const made = tagger(reference);
    await expect(traceModel(made, 'third', ids)).rejects.toThrow(/'third'/);
    const stranger = built(layers.lstm(H), reference);
    await expect(traceModel(made, stranger, ids)).rejects.toThrow(/that it does not run/);
    const bare = sequential([layers.input({ shape: [T, I] }), layers.lstm(2, { name: 'l' })], {
      device: reference,
    });
    await expect(traceModel(bare, 'l', X, { y })).rejects.toThrow(
      /traceModel: expected a compiled model/,
    );
    await bare.quantize('float16');
    bare.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const targets = Array.from({ length: B }, () => [0, 0]);
    await expect(traceModel(bare, 'l', X, { y: targets })).rejects.toThrow(
      /l: expected float32 weights/,
    );
    expect((await traceModel(bare, 'l', X)).states.h.shape).toEqual([B, T, 2]);
    const twice = layers.lstm(I, { returnSequences: true, name: 'twice' });
    const x = layers.input({ shape: [T, I] });
    const shared = model({ inputs: x, outputs: twice.apply(twice.apply(x)), device: reference });
    await expect(traceModel(shared, 'twice', X)).rejects.toThrow(
      /twice: expected a layer that runs once/,
    );
  });
});

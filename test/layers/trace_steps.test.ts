/** `traceLayer()` of `rnn(cell)` and of layers on the scan: against the fused layers, against the equations and against finite differences. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { Cell } from '../../src/layers/cells/cell.ts';
import * as cells from '../../src/layers/cells/index.ts';
import * as layers from '../../src/layers/index.ts';
import type { Bidirectional } from '../../src/layers/bidirectional.ts';
import type { CellStep } from '../../src/layers/nested.ts';
import type { ScanLayerOptions } from '../../src/layers/scan_layer.ts';
import type { SequenceLayer, SequenceLayerOptions } from '../../src/layers/sequence_layer.ts';
import type { PartialShape } from '../../src/layers/shapes.ts';
import { traceLayer } from '../../src/layers/trace.ts';
import type { Trace, TraceArray } from '../../src/layers/trace.ts';
import { model, sequential } from '../../src/model/create.ts';
import { traceModel } from '../../src/model/trace.ts';
import { sigmoid, tanh } from '../../src/ops/activations.ts';
import { add, mul } from '../../src/ops/map.ts';
import { matmul } from '../../src/ops/matmul.ts';
import { sum } from '../../src/ops/reduce.ts';
import { split } from '../../src/ops/shape.ts';
import { setDevice, tensor } from '../../src/tensor.ts';
import type { Tensor, Variable } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { reference, testedDevices } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import type { Tolerance } from '../support/tolerances.ts';

// For cells without weights, which say nothing of a device.
beforeAll(() => setDevice(reference));

const [B, T, I, H] = [5, 6, 3, 4];
const X = floats([B, T, I], 5);
const MASK = ['111111', '111000', '001111', '100110', '000000'].map((row) =>
  Array.from(row, Number),
);
const COTANGENT = floats([B, T, 3 * H], 31);

/** The layer, built on a device with random weights. */
function built<L extends SequenceLayer | Bidirectional>(layer: L, device: Device): L {
  const x = layers.input({ shape: [null, I] });
  const network = model({ inputs: x, outputs: layer.applyAll([x]), device, seed: 1 });
  network.setWeights(network.weights.map(({ shape }, i) => floats([...shape], 11 + i, 0.8)));
  return layer;
}

/** Σ weights∘output. */
const loss = (output: Tensor): Tensor =>
  sum(
    mul(
      output,
      tensor(COTANGENT.data.slice(0, output.size), output.shape, 'float32', output.device),
    ),
  );

const arraysOf = ({ gates, states, gradients, gradientNorms }: Trace) =>
  Object.entries({ gates, states, gradients, gradientNorms }).flatMap(([kind, named]) =>
    Object.entries(named ?? {}).map(([name, one]): [string, TraceArray] => [
      `${kind} ${name}`,
      one,
    ]),
  );

function expectSame(actual: Trace, expected: Trace, what: string, tolerance: Tolerance): void {
  const found = new Map(arraysOf(actual));
  expect([...found.keys()]).toEqual(arraysOf(expected).map(([key]) => key));
  for (const [key, { data, shape }] of arraysOf(expected)) {
    expect(found.get(key)!.shape, key).toEqual(shape);
    expectClose(found.get(key)!.data, data, `${what}: ${key}`, tolerance);
  }
  expect(actual.mask).toEqual(expected.mask);
}

const at = ({ data, shape: [, time, width] }: TraceArray, b: number, t: number): number[] =>
  Array.from(data.subarray((b * time + t) * width, (b * time + t + 1) * width));

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

// ---- cells of one's own ---------------------------------------------------------------------------------------------

/** A SimpleRNN without bias. */
class Simple extends Cell {
  override readonly stateShapes = [[H]];
  override readonly outputShape = [H];
  private kernel: Variable | null = null;
  private recurrent: Variable | null = null;
  protected override build([[, features]]: readonly PartialShape[]): void {
    this.kernel = this.addWeight('kernel', [features!, H], 'glorotUniform');
    this.recurrent = this.addWeight('recurrent_kernel', [H, H], 'orthogonal');
  }
  override call(x: Tensor, [h]: readonly Tensor[]): CellStep {
    const next = tanh(add(matmul(x, this.kernel!), matmul(h, this.recurrent!)));
    return [next, [next]];
  }
}

/** An LSTM without bias, whose states have names. */
class Long extends Cell {
  override readonly stateShapes = { h: [H], c: [H] };
  override readonly outputShape = [H];
  private kernel: Variable | null = null;
  private recurrent: Variable | null = null;
  protected override build([[, features]]: readonly PartialShape[]): void {
    this.kernel = this.addWeight('kernel', [features!, 4 * H], 'glorotUniform');
    this.recurrent = this.addWeight('recurrent_kernel', [H, 4 * H], 'orthogonal');
  }
  override project(x: Tensor): Tensor {
    return matmul(x, this.kernel!);
  }
  override call(x: Tensor, { h, c }: { h: Tensor; c: Tensor }): CellStep {
    const [i, f, g, o] = split(add(x, matmul(h, this.recurrent!)), 4, -1);
    const cell = add(mul(sigmoid(f), c), mul(sigmoid(i), tanh(g)));
    const next = mul(sigmoid(o), tanh(cell));
    return [next, { h: next, c: cell }];
  }
}

type Options = SequenceLayerOptions;
const OWN: [string, (options: Options) => SequenceLayer, (options: Options) => SequenceLayer][] = [
  [
    'a SimpleRNN',
    (options) => layers.rnn(new Simple(), options),
    (options) => layers.simpleRNN(H, { ...options, useBias: false }),
  ],
  [
    'an LSTM',
    (options) => layers.rnn(new Long(), options),
    (options) => layers.lstm(H, { ...options, useBias: false }),
  ],
];

describe.each(OWN)("rnn of a cell of one's own, %s", (_, make, fused) => {
  const ways: [string, Options, boolean][] = [
    ['every output', { returnSequences: true }, false],
    ['the last output, masked', {}, true],
    ['backwards, masked', { returnSequences: true, goBackwards: true }, true],
    ['masked outputs zero', { returnSequences: true, zeroOutputForMask: true }, true],
  ];
  it.each(ways)('shows what the fused layer shows: %s', async (way, options, masked) => {
    const given = masked ? { mask: MASK } : {};
    const [own, layer] = [make, fused].map((one) => built(one(options), reference));
    for (const asked of [given, { ...given, loss }]) {
      const [trace, expected] = [
        await traceLayer(own, X, asked),
        await traceLayer(layer, X, asked),
      ];
      expect(trace.gates).toEqual({});
      expect(Object.keys(trace.states)).toEqual(own.stateNames);
      const list = (one: Trace) =>
        [one.states, one.gradients ?? {}, one.gradientNorms ?? {}].flatMap(Object.values);
      const wanted = list(expected) as TraceArray[];
      (list(trace) as TraceArray[]).forEach(({ data, shape }, k) => {
        expect(shape).toEqual(wanted[k].shape);
        expectClose(data, wanted[k].data, `${way}, ${k}`, TOLERANCE.golden);
      });
      expect(trace.mask).toEqual(expected.mask);
      const [output] = trace.outputs!;
      if (!masked) expect(output).toEqual(Object.values(trace.states)[0]);
      else expect(output.shape).toEqual([B, T, H]);
    }
  });
});

/** A cell whose output is computed from its states: it shows them, and its output beside them. */
const scaled = () =>
  layers.rnn(
    {
      stateShapes: [[H]],
      outputShape: [1],
      call: (x: Tensor, [h]: Tensor[]) => {
        const next = tanh(add(mul(h, 0.5), sum(x, { axis: -1, keepDims: true })));
        return [sum(next, { axis: -1, keepDims: true }), [next]];
      },
    } as never,
    { returnSequences: true },
  );

describe('rnn of a built-in cell', () => {
  it.each([undefined, MASK])('shows what its layer shows, mask %j', async (mask) => {
    const options = { returnSequences: true, goBackwards: true };
    const own = built(layers.rnn(cells.lstm(H), options), reference);
    const layer = built(layers.lstm(H, options), reference);
    for (const asked of [{ mask }, { mask, loss }])
      expect(await traceLayer(own, X, asked)).toEqual(await traceLayer(layer, X, asked));
  });

  it.each(testedDevices.map(({ name, open, tolerance }) => [name, open, tolerance] as const))(
    'shows every cell of a stack, one of your own among them, on %s',
    async (_, open, tolerance) => {
      const make = () =>
        layers.rnn([cells.lstm(H), new Simple(), cells.gru(2)], { returnSequences: true });
      const device = await open({ poison: true });
      for (const asked of [{ mask: MASK }, { mask: MASK, loss }, { loss }]) {
        const twin = await traceLayer(built(make(), reference), X, asked);
        const actual = await traceLayer(built(make(), device), X, asked);
        expectSame(actual, twin, 'stack', tolerance.op);
        const names = ['lstm_cell h', 'lstm_cell c', 'cell state 0', 'gru_cell h'];
        expect(Object.keys(twin.states)).toEqual(names);
        expect(Object.keys(twin.gates)).toEqual([
          ...['i', 'f', 'g', 'o'].map((gate) => `lstm_cell ${gate}`),
          ...['z', 'r', 'n'].map((gate) => `gru_cell ${gate}`),
        ]);
        expect(twin.outputs).toBe(null);
      }
    },
  );

  it('has in a stack the gradients that layers on top of each other have', async () => {
    const options = { returnSequences: true };
    const stack = built(layers.rnn([cells.lstm(H), cells.gru(2)], options), reference);
    const upper = layers.gru(2, options);
    const lower = layers.lstm(H, { ...options, name: 'lower' });
    const network = sequential([layers.input({ shape: [null, I] }), lower, upper], {
      device: reference,
    });
    network.setWeights(await stack.getWeights());
    network.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const y = { data: new Float32Array(B * T * 2), shape: [B, T, 2] };
    const expected = await traceModel(network, 'lower', X, { y });
    const wrapped = sequential([layers.input({ shape: [null, I] }), stack], { device: reference });
    wrapped.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const trace = await traceModel(wrapped, stack, X, { y });
    for (const name of ['h', 'c'])
      expect(trace.gradients![`lstm_cell ${name}`]).toEqual(expected.gradients![name]);
    expect(trace.gradientNorms!['lstm_cell h'].shape).toEqual([B, T]);
  });

  it('shows outputs beside states, and both directions', async () => {
    const trace = await traceLayer(built(layers.bidirectional(scaled()), reference), X);
    for (const direction of ['forward', 'backward'] as const) {
      const { states, outputs } = trace[direction];
      const h = states['state 0'];
      expect(outputs!.length).toBe(1);
      for (let b = 0; b < B; b++)
        for (let t = 0; t < T; t++) {
          const before = t + (direction === 'forward' ? -1 : 1);
          const x = total(Array.from(X.data.slice((b * T + t) * I, (b * T + t + 1) * I)));
          const past = before >= 0 && before < T ? at(h, b, before) : Array<number>(H).fill(0);
          const expected = past.map((value) => Math.tanh(0.5 * value + x));
          expectClose(at(h, b, t), expected, `${direction} ${b} ${t}`, TOLERANCE.golden);
          expectClose(at(outputs![0], b, t), [total(expected)], 'output', TOLERANCE.golden);
        }
    }
  });

  it('says where the loss does not reach the cell', async () => {
    const layer = built(layers.rnn(new Simple()), reference);
    const other = (): Tensor => sum(mul(layer.weights[0], 1));
    await expect(traceLayer(layer, X, { loss: other })).rejects.toThrow(
      /expected a loss that depends on this layer's outputs/,
    );
  });
});

// ---- layers on the scan ---------------------------------------------------------------------------------------------

type Make = (options?: ScanLayerOptions) => SequenceLayer;
type Step = (gates: Record<string, number[]>, before: number[]) => number[];
const zip = (f: (...values: number[]) => number, ...lists: number[][]): number[] =>
  lists[0].map((_, j) => f(...lists.map((list) => list[j])));
const SCANS: [string, Make, Step | null][] = [
  [
    'minGRU',
    (options) => layers.minGRU(H, options),
    ({ z, n }, h) => zip((z, n, h) => (1 - z) * h + z * n, z, n, h),
  ],
  [
    'minLSTM',
    (options) => layers.minLSTM(H, { ...options, positive: true }),
    ({ f, i, n }, h) => zip((f, i, n, h) => (f * h + i * n) / (f + i), f, i, n, h),
  ],
  [
    'sru',
    (options) => layers.sru(H, options),
    ({ f, n }, c) => zip((f, n, c) => f * c + (1 - f) * n, f, n, c),
  ],
  ['lru', (options) => layers.lru(H, { ...options, stateUnits: 3 }), null],
];

describe.each(SCANS)('%s', (_, make, step) => {
  it.each([false, true])('has gates that its states follow from, backwards %s', async (reverse) => {
    const layer = built(make({ goBackwards: reverse }), reference);
    const [name] = layer.stateNames;
    const { gates, states, mask } = await traceLayer(layer, X, { mask: MASK });
    expect(Array.from(mask!.data)).toEqual(MASK.flat());
    expect(states[name].shape).toEqual([B, T, layer.stateShapes[0][0]]);
    const order = Array.from({ length: T }, (__, t) => (reverse ? T - 1 - t : t));
    for (let b = 0; b < B; b++) {
      let before = Array<number>(layer.stateShapes[0][0]).fill(0);
      for (const t of order) {
        const now = at(states[name], b, t);
        const own = Object.fromEntries(
          Object.entries(gates).map(([gate, one]) => [gate, at(one, b, t)]),
        );
        if (!MASK[b][t]) {
          expect(now).toEqual(before);
          expect(Object.values(own).flat().every(Number.isNaN)).toBe(true);
        } else if (step) expectClose(now, step(own, before), `${b} ${t}`, TOLERANCE.golden);
        before = now;
      }
    }
    if (!step) expect(gates).toEqual({});
  });

  it.each([
    [false, false],
    [true, false],
    [false, true],
  ])('has the gradients of its states, backwards %s, masked %s', async (reverse, masked) => {
    const options = {
      ...{ returnSequences: true, returnState: true, goBackwards: reverse },
      zeroOutputForMask: masked,
    };
    const layer = built(make(options), reference);
    const [name] = layer.stateNames;
    const width = layer.stateShapes[0][0];
    const final = floats([B, width], 43);
    // What step t gives depends on more than its state, and so it does not count.
    const t = 2;
    const place = reverse ? T - 1 - t : t;
    const weights = {
      ...COTANGENT,
      shape: [B, T, H],
      data: COTANGENT.data
        .slice(0, B * T * H)
        .map((v, i) => (Math.floor(i / H) % T === place ? 0 : v)),
    };
    const given = masked ? { mask: MASK } : {};
    const trace = await traceLayer(layer, X, {
      ...given,
      loss: (output, state) =>
        [
          [output, weights],
          [state, final],
        ]
          .map(([x, host]) => {
            const { data, shape } = host as Host;
            return sum(mul(x as Tensor, tensor(data, shape, 'float32', reference)));
          })
          .reduce((a, b) => add(a, b)),
    });
    /** The steps that are processed after t. */
    const rest = (host: { data: ArrayLike<number> }, size: number): Host => {
      const [begin, end] = reverse ? [0, t] : [t + 1, T];
      return {
        shape: [B, end - begin, ...(size > 1 ? [size] : [])],
        data: Float32Array.from(
          Array.from(host.data).filter((__, i) => {
            const n = Math.floor(i / size) % T;
            return n >= begin && n < end;
          }),
        ),
      };
    };
    const valueAt = async (state: Float64Array): Promise<number> => {
      let total = 0;
      const short = rest(X, I);
      await traceLayer(layer, short, {
        ...(masked && { mask: rest({ data: MASK.flat() }, 1) }),
        initialState: [{ shape: [B, width], data: state }],
        // Outputs are in the order of processing: those behind step t are the last ones.
        loss: (output, last) => {
          read = Promise.all([output.data(), last.data()]).then(([y, s]) => {
            const steps = short.shape[1];
            for (let b = 0; b < B; b++)
              for (let n = 0; n < steps * H; n++)
                total += y[b * steps * H + n] * weights.data[(b * T + T - steps) * H + n];
            s.forEach((value, i) => (total += value * final.data[i]));
          });
          return sum(output);
        },
      });
      await read;
      return total;
    };
    let read: Promise<void> = Promise.resolve();
    const state = Float64Array.from(
      Array.from({ length: B }, (__, b) => at(trace.states[name], b, t)).flat(),
    );
    const along = floats([B, width], 51).data;
    const by = 1e-5;
    const moved = (sign: number) => valueAt(state.map((v, i) => v + sign * by * along[i]));
    const numeric = ((await moved(1)) - (await moved(-1))) / (2 * by);
    let analytic = 0;
    for (let b = 0; b < B; b++)
      at(trace.gradients![name], b, t).forEach((v, j) => (analytic += v * along[b * width + j]));
    expectClose([analytic], [numeric], `∂L/∂${name}`, { absolute: 1e-8, relative: 1e-6 });
    const norms = Array.from({ length: B * T }, (__, i) =>
      Math.hypot(...at(trace.gradients![name], 0, i)),
    );
    expectClose(trace.gradientNorms![name].data, norms, 'norms', TOLERANCE.golden);
  });

  it.each(testedDevices.map((one) => [one.name, one] as const))(
    'shows on %s what the twin shows, both ways too',
    async (__, { open, tolerance }) => {
      const wraps: (() => SequenceLayer | Bidirectional)[] = [
        () => make({ returnSequences: true }),
        () => layers.bidirectional(make({ returnSequences: true })),
      ];
      const device = await open({ poison: true });
      for (const [k, wrap] of wraps.entries()) {
        const asked = { loss, ...(k === 1 && { mask: MASK }) };
        const [twin, actual] = [
          await traceLayer(built(wrap(), reference), X, asked),
          await traceLayer(built(wrap(), device), X, asked),
        ];
        if ('forward' in twin && 'forward' in actual)
          for (const d of ['forward', 'backward'] as const)
            expectSame(actual[d], twin[d], d, tolerance.op);
        else expectSame(actual as Trace, twin as Trace, 'forwards', tolerance.op);
      }
    },
  );
});

// The output of the last step is all that its state does.
describe('the gradient of the last state', () => {
  it('is that of its output: sru', async () => {
    const layer = built(layers.sru(H), reference);
    const { gates, states, gradients } = await traceLayer(layer, X, { loss });
    for (let b = 0; b < B; b++) {
      const c = at(states.c, b, T - 1);
      const expected = at(gates.r, b, T - 1).map(
        (r, j) => COTANGENT.data[b * H + j] * r * (1 - Math.tanh(c[j]) ** 2),
      );
      expectClose(at(gradients!.c, b, T - 1), expected, `row ${b}`, TOLERANCE.golden);
    }
  });

  it('is that of its output: minGRU', async () => {
    const layer = built(layers.minGRU(H), reference);
    const { gradients } = await traceLayer(layer, X, { loss });
    for (let b = 0; b < B; b++)
      expectClose(
        at(gradients!.h, b, T - 1),
        COTANGENT.data.slice(b * H, (b + 1) * H),
        `row ${b}`,
        TOLERANCE.golden,
      );
  });
});

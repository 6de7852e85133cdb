/** The layers on the scan: against their equations, a step at a time; what they do over time; what is theirs alone. */
import { describe, expect, it } from 'vitest';
import { backward } from '../../src/backward.ts';
import type { Device, NumericArray } from '../../src/backend.ts';
import * as layers from '../../src/layers/index.ts';
import { Network } from '../../src/layers/network.ts';
import type { ScanLayer, ScanLayerOptions } from '../../src/layers/scan_layer.ts';
import { sequential } from '../../src/model/create.ts';
import * as ops from '../../src/ops/index.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkLayer } from '../support/check-layer.ts';
import { expectClose } from '../support/check.ts';
import { allDevices, reference, testedDevices } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';

const [B, T, I, H] = [4, 6, 3, 5];
const { add, div, matmul, mul, sigmoid, sub, tanh } = ops;

type Weights = Readonly<Record<string, Tensor>>;
/** A step of a layer by its equations: the state after it, and the output. */
type Step = (x: Tensor, state: Tensor, weights: Weights) => { state: Tensor; output: Tensor };

interface Kind {
  readonly make: (options?: ScanLayerOptions) => ScanLayer;
  readonly step: Step;
  readonly stateWidth?: number;
  readonly features?: number;
}

const gateOf = (x: Tensor, weights: Weights, name: string): Tensor =>
  matmul(x, weights[`${name}_kernel`], { bias: weights[`${name}_bias`] });
/** The paper's g: x + 0.5 where x ≥ 0, else σ(x). */
const positive = (x: Tensor): Tensor => ops.where(ops.greaterEqual(x, 0), add(x, 0.5), sigmoid(x));

const minGRU =
  (candidate: (x: Tensor) => Tensor): Step =>
  (x, state, weights) => {
    const z = sigmoid(gateOf(x, weights, 'update'));
    const after = add(mul(sub(1, z), state), mul(z, candidate(gateOf(x, weights, 'candidate'))));
    return { state: after, output: after };
  };
const minLSTM =
  (candidate: (x: Tensor) => Tensor): Step =>
  (x, state, weights) => {
    const [i, f] = ['input', 'forget'].map((name) => sigmoid(gateOf(x, weights, name)));
    const n = candidate(gateOf(x, weights, 'candidate'));
    const after = div(add(mul(f, state), mul(i, n)), add(f, i));
    return { state: after, output: after };
  };
const sru: Step = (x, state, weights) => {
  const [f, r] = ['forget', 'reset'].map((name) => sigmoid(gateOf(x, weights, name)));
  const after = add(mul(f, state), mul(sub(1, f), matmul(x, weights.kernel)));
  const past = weights.highway_kernel ? matmul(x, weights.highway_kernel) : x;
  return { state: after, output: add(mul(r, tanh(after)), mul(sub(1, r), past)) };
};
/** With complex numbers as pairs of tensors [batch, N]. */
const lru: Step = (x, state, weights) => {
  const n = weights.nu.size;
  const parts = (z: Tensor): Tensor[] =>
    [0, 1].map((part) => {
      const pairs = ops.reshape(z, [-1, n, 2]);
      return ops.reshape(ops.slice(pairs, [0, 0, part], [-1, n, 1]), [-1, n]);
    });
  const modulus = ops.exp(ops.neg(ops.exp(weights.nu)));
  const phase = ops.exp(weights.theta);
  const [a, b] = [mul(modulus, ops.cos(phase)), mul(modulus, ops.sin(phase))];
  const [u, v] = parts(matmul(x, weights.input_kernel)).map((part) =>
    mul(part, ops.exp(weights.gamma)),
  );
  const [c, d] = parts(state);
  const real = add(sub(mul(a, c), mul(b, d)), u);
  const imaginary = add(add(mul(a, d), mul(b, c)), v);
  const after = ops.reshape(ops.stack([real, imaginary], 2), [-1, 2 * n]);
  const seen = matmul(after, weights.output_kernel);
  return { state: after, output: add(seen, matmul(x, weights.skip_kernel)) };
};

const KINDS: [string, Kind][] = [
  ['minGRU', { make: (options) => layers.minGRU(H, options), step: minGRU((x) => x) }],
  [
    'minGRU, positive',
    {
      make: (options) => layers.minGRU(H, { ...options, positive: true }),
      step: minGRU(positive),
    },
  ],
  ['minLSTM', { make: (options) => layers.minLSTM(H, options), step: minLSTM((x) => x) }],
  [
    'minLSTM, positive',
    {
      make: (options) => layers.minLSTM(H, { ...options, positive: true }),
      step: minLSTM(positive),
    },
  ],
  ['sru', { make: (options) => layers.sru(H, options), step: sru }],
  ['sru, as wide as its input', { make: (options) => layers.sru(I, options), step: sru }],
  [
    'lru',
    {
      make: (options) => layers.lru(H, { ...options, stateUnits: 4, rMin: 0.5, rMax: 0.9 }),
      step: lru,
      stateWidth: 8,
    },
  ],
];

/** Gaps, padding on the left, on both sides, and nothing but padding. */
const MASK = Int32Array.from(
  [
    [1, 0, 1, 1, 0, 1],
    [0, 0, 1, 1, 1, 1],
    [0, 1, 1, 0, 0, 0],
    [0, 0, 0, 0, 0, 0],
  ].flat(),
);

interface Found {
  outputs: NumericArray[];
  gradients: Record<string, NumericArray>;
}

/** The layer, or the loop over its equations, with outputs, final state and all gradients. */
async function compute(
  device: Device,
  { make, step }: Kind,
  { options, mask }: { options: ScanLayerOptions; mask: boolean },
  by: 'layer' | 'equations',
): Promise<Found> {
  const layer = make({ ...options, returnState: true });
  const [width] = layer.stateShapes[0];
  const [x, state] = [layers.input({ shape: [null, I] }), layers.input({ shape: [width] })];
  const outputs = layer.apply<never>(x, { initialState: [state] });
  const network = new Network({ inputs: [x, state], outputs, device });
  network.setWeights(
    layer.weights.map(({ shape }, i) => floats([...shape], 50 + i, i < 3 ? 1 : 0.8)),
  );
  const weights = Object.fromEntries(layer.namedWeights());
  const found = scope(() => {
    const leaf = (name: string, { shape, data }: Host): Variable =>
      new Variable(device, tensor(data, shape, 'float32', device).storage, shape, name, true);
    const given = [leaf('x', floats([B, T, I], 1)), leaf('state', floats([B, width], 2))];
    const masks = mask ? [tensor(MASK, [B, T], 'int32', device)] : [];
    const results =
      by === 'layer'
        ? network.forward(given, { training: true, masks }).outputs
        : unrolled(step, given, weights, options, masks[0] ?? null);
    const seeds = results.map(({ shape }, i) =>
      tensor(floats([...shape], 77 + i).data, shape, 'float32', device),
    );
    const reached = backward(results, seeds);
    const leaves = { x: given[0], state: given[1], ...weights };
    return {
      outputs: [...results],
      gradients: Object.entries(leaves).map(([name, one]) => [name, reached.get(one)!] as const),
    };
  });
  const gradients: Record<string, NumericArray> = {};
  for (const [name, one] of found.gradients) gradients[name] = await one.data();
  return { outputs: await Promise.all(found.outputs.map((one) => one.data())), gradients };
}

/** Keras' loop: a masked step passes the state on, and repeats the last output. */
function unrolled(
  step: Step,
  [x, start]: readonly Tensor[],
  weights: Weights,
  { goBackwards, returnSequences, zeroOutputForMask }: ScanLayerOptions,
  mask: Tensor | null,
): Tensor[] {
  let state = start;
  let last: Tensor | null = null;
  const outputs: Tensor[] = [];
  for (let k = 0; k < T; k++) {
    const t = goBackwards ? T - 1 - k : k;
    const input = ops.reshape(ops.slice(x, [0, t, 0], [B, 1, I]), [B, I]);
    const next = step(input, state, weights);
    if (mask) {
      const real = tensor(
        Int32Array.from({ length: B }, (_, b) => MASK[b * T + t]),
        [B, 1],
        'int32',
        x.device,
      );
      state = ops.where(real, next.state, state);
      last = ops.where(real, next.output, (!zeroOutputForMask && last) || 0);
    } else {
      state = next.state;
      last = next.output;
    }
    outputs.push(last);
  }
  return [returnSequences ? ops.stack(outputs, 1) : outputs[T - 1], state];
}

function expectEqual(
  actual: Found,
  expected: Found,
  where: string,
  tolerance = TOLERANCE.gpu as { absolute: number; relative: number },
): void {
  expected.outputs.forEach((values, i) =>
    expectClose(actual.outputs[i], values, `${where}: output ${i}`, tolerance),
  );
  for (const [name, values] of Object.entries(expected.gradients))
    expectClose(actual.gradients[name], values, `${where}: gradient of ${name}`, tolerance);
}

const OPTIONS: ScanLayerOptions[] = [
  { returnSequences: true },
  {},
  { goBackwards: true },
  { goBackwards: true, returnSequences: true },
  { returnSequences: true, zeroOutputForMask: true },
  { zeroOutputForMask: true },
];

describe.each(KINDS)('%s', (_, kind) => {
  it.each(OPTIONS.flatMap((options) => [false, true].map((mask) => ({ options, mask }))))(
    'equals its equations step by step: %j',
    async (how) => {
      const expected = await compute(reference, kind, how, 'equations');
      const twin = await compute(reference, kind, how, 'layer');
      expectEqual(twin, expected, 'twin', TOLERANCE.golden);
      for (const { name, open, tolerance } of testedDevices)
        expectEqual(await compute(await open(), kind, how, 'layer'), twin, name, tolerance.op);
    },
  );

  it.each([false, true])('has the gradients of finite differences; masked: %s', async (mask) => {
    const shapes = sequential([layers.input({ shape: [T, I] }), kind.make()], {
      device: reference,
    }).weights.map(({ shape }) => [...shape]);
    await checkLayer({
      make: () => kind.make({ returnSequences: true }),
      x: floats([B, T, I], 1),
      weights: shapes.map((shape, i) => floats(shape, 30 + i, 0.8)),
      ...(mask && { mask: { shape: [B, T], data: MASK } }),
    });
  });

  it('takes a single step', async () => {
    for (const { open, tolerance } of testedDevices) {
      const values = await Promise.all(
        [reference, await open()].map(async (device) => {
          const model = sequential([layers.input({ shape: [1, I] }), kind.make()], {
            device,
            seed: 3,
          });
          return (await model.predict(floats([2, 1, I], 9))).data();
        }),
      );
      expectClose(values[1], values[0], 'output', tolerance.op);
    }
  });
});

describe.each(allDevices)('on %s', (_, open) => {
  it.each(KINDS)('%s streams what predict gives, masked steps too', async (_, { make }) => {
    const model = sequential(
      [
        layers.input({ shape: [null, I] }),
        layers.masking({ maskValue: 7 }),
        make({ returnSequences: true }),
      ],
      { device: await open(), seed: 4 },
    );
    const x = floats([1, 8, I], 6);
    for (const masked of [1, 4, 5]) x.data.fill(7, masked * I, (masked + 1) * I);
    const expected = await (await model.predict(x)).data();
    const stream = model.stream();
    const width = expected.length / 8;
    let at = 0;
    for (const steps of [1, 1, 2, 1, 1, 2]) {
      const part = x.data.slice(at * I, (at + steps) * I);
      const shape = steps === 1 ? [1, I] : [1, steps, I];
      const found = await stream.step({ data: part, shape });
      at += steps;
      // Of a chunk the outputs of all its steps.
      const begin = expected.length - (8 - at) * width - found.length;
      expectClose(found, expected.slice(begin, begin + found.length), `up to step ${at}`);
    }
    stream.dispose();
  });

  it.each(KINDS)('%s goes on from the state that it returned', async (_, { make }) => {
    const device = await open();
    const layer = make({ returnState: true });
    const [x, state] = [
      layers.input({ shape: [null, I] }),
      layers.input({ shape: layer.stateShapes[0] }),
    ];
    const outputs = layer.apply<never>(x, { initialState: [state] });
    const network = new Network({ inputs: [x, state], outputs, device, seed: 4 });
    const all = floats([1, T, I], 1).data;
    const run = async (begin: number, end: number, from: ArrayLike<number>) => {
      const tensors = scope(
        () =>
          network.forward(
            [
              tensor(all.slice(begin * I, end * I), [1, end - begin, I], 'float32', device),
              tensor(Float32Array.from(from), [1, from.length], 'float32', device),
            ],
            { training: false, masks: [] },
          ).outputs,
      );
      return Promise.all(tensors.map((one) => one.data()));
    };
    const start = floats([1, layer.stateShapes[0][0]], 8).data;
    const whole = await run(0, T, start);
    const [, middle] = await run(0, 4, start);
    const parts = await run(4, T, middle);
    parts.forEach((values, i) => expectClose(values, whole[i], `output ${i}`));
  });
});

it('has the gradients of the state that a batch began with, however soon the next one is kept', async () => {
  const device = reference;
  const one = layers.minGRU(H, { stateful: true, returnState: true });
  const two = layers.minGRU(H);
  const [x, state] = [layers.input({ shape: [T, I] }), layers.input({ shape: [H] })];
  const carrying = new Network({ inputs: x, outputs: one.apply<never>(x), device, seed: 4 });
  const given = new Network({
    inputs: [x, state],
    outputs: two.apply(x, { initialState: [state] }),
    device,
  });
  given.setWeights((await carrying.getWeights()).map(({ data, shape }) => ({ data, shape })));
  const host = [floats([B, T, I], 1), floats([B, T, I], 2)];
  const [first, second] = host.map(({ data, shape }) => tensor(data, shape, 'float32', device));
  const [, kept] = carrying.forward([first]).outputs;
  const [y] = carrying.forward([second]).outputs;
  const [expected] = given.forward([second, kept]).outputs;
  const seed = tensor(floats([B, H], 3).data, [B, H], 'float32', device);
  const [found, wanted] = [backward(y, [seed]), backward(expected, [seed])];
  for (const [i, weight] of one.weights.entries())
    expectClose(
      await found.get(weight)!.data(),
      await wanted.get(two.weights[i])!.data(),
      weight.name,
      TOLERANCE.golden,
    );
});

describe('minGRU', () => {
  it('is the log-space form of the paper where candidates are positive', async () => {
    const [x, w] = [floats([1, 5, 2], 3), [1, 2, 3, 4].map((k) => floats(k % 2 ? [2, 1] : [1], k))];
    const layer = layers.minGRU(1, { positive: true, returnSequences: true });
    const model = sequential([layers.input({ shape: [5, 2] }), layer], { device: reference });
    model.setWeights(w);
    const found = await (await model.predict(x)).data();
    // log h[t] = a[t] + logΣexp over s ≤ t of (log z[s] + log n[s] - a[s]), where a[t] = Σ log (1 - z[s]).
    const [update, updateBias, candidate, candidateBias] = w.map(({ data }) => data);
    let logKept = 0;
    const terms: number[] = [];
    const expected = Array.from({ length: 5 }, (_, t) => {
      const dot = (kernel: Float32Array | Int32Array, bias: Float32Array | Int32Array): number =>
        x.data[2 * t] * kernel[0] + x.data[2 * t + 1] * kernel[1] + bias[0];
      const k = dot(update, updateBias);
      const v = dot(candidate, candidateBias);
      const softplus = (y: number): number => Math.log1p(Math.exp(y));
      logKept -= softplus(k);
      terms.push(-softplus(-k) + (v >= 0 ? Math.log(v + 0.5) : -softplus(-v)) - logKept);
      return Math.exp(logKept + Math.log(terms.reduce((sum, term) => sum + Math.exp(term), 0)));
    });
    expectClose(found, expected, 'states', TOLERANCE.golden);
  });
});

describe('minLSTM', () => {
  it('shares the state between gates that are all but closed', async () => {
    const layer = layers.minLSTM(1, { returnSequences: true });
    const zero = Float32Array.of(0);
    for (const { open } of testedDevices) {
      const model = sequential([layers.input({ shape: [1, 1] }), layer.copy({})], {
        device: await open(),
      });
      // Both sums are -120 and -121: their sigmoids are 0 in float32.
      const sums = [-120, -121, 0].flatMap((bias, i) => [
        i === 2 ? Float32Array.of(1) : zero,
        Float32Array.of(bias),
      ]);
      model.setWeights(sums);
      const found = await (
        await model.predict({ data: Float32Array.of(1), shape: [1, 1, 1] })
      ).data();
      expectClose(found, [1 / (1 + Math.exp(-1))], 'state');
    }
  });
});

describe('lru', () => {
  it('begins with eigenvalues in a ring, of phases up to the largest, and states of the variance of the input', async () => {
    const n = 2000;
    const options = { stateUnits: n, rMin: 0.4, rMax: 0.8, maxPhase: 0.5 };
    const model = sequential([layers.input({ shape: [2, 1] }), layers.lru(1, options)], {
      device: reference,
      seed: 5,
    });
    const [nu, theta, gamma] = (await model.getWeights()).map(({ data }) => Array.from(data));
    const moduli = nu.map((value) => Math.exp(-Math.exp(value)));
    expect(Math.min(...moduli)).toBeGreaterThanOrEqual(0.4 - 1e-6);
    expect(Math.max(...moduli)).toBeLessThanOrEqual(0.8 + 1e-6);
    // |λ|² is uniform in 0.16…0.64.
    const mean = moduli.reduce((sum, r) => sum + r * r, 0) / n;
    expect(mean).toBeGreaterThan(0.39);
    expect(mean).toBeLessThan(0.41);
    const phases = theta.map(Math.exp);
    expect(Math.min(...phases)).toBeGreaterThan(0);
    expect(Math.max(...phases)).toBeLessThanOrEqual(0.5 + 1e-6);
    expectClose(
      gamma.map(Math.exp),
      moduli.map((r) => Math.sqrt(1 - r * r)),
      'γ',
    );
  });

  it('says what it takes', () => {
    expect(() => layers.lru(4, { rMin: 0.9, rMax: 0.5 })).toThrow(
      'lru: expected 0 ≤ rMin < rMax ≤ 1, moduli of eigenvalues, got rMin 0.9 and rMax 0.5',
    );
    expect(() => layers.lru(4, { maxPhase: 7 })).toThrow(/maxPhase above 0 and up to 2π.*got 7/);
    expect(() => layers.lru(4, { stateUnits: 0 })).toThrow(/stateUnits/);
  });
});

it('names weights and states', () => {
  const weightsOf = (layer: ScanLayer): [string, readonly number[]][] => {
    sequential([layers.input({ shape: [T, I] }), layer], { device: reference });
    return [...layer.namedWeights()].map(([name, { shape }]) => [name, shape]);
  };
  const gate = (name: string): [string, number[]][] => [
    [`${name}_kernel`, [I, H]],
    [`${name}_bias`, [H]],
  ];
  expect(weightsOf(layers.minGRU(H))).toEqual([...gate('update'), ...gate('candidate')]);
  expect(weightsOf(layers.minLSTM(H, { useBias: false }))).toEqual([
    ['input_kernel', [I, H]],
    ['forget_kernel', [I, H]],
    ['candidate_kernel', [I, H]],
  ]);
  expect(weightsOf(layers.sru(H))).toEqual([
    ['kernel', [I, H]],
    ...gate('forget'),
    ...gate('reset'),
    ['highway_kernel', [I, H]],
  ]);
  expect(weightsOf(layers.lru(H, { stateUnits: 4 }))).toEqual([
    ['nu', [4]],
    ['theta', [4]],
    ['gamma', [4]],
    ['input_kernel', [I, 8]],
    ['output_kernel', [8, H]],
    ['skip_kernel', [I, H]],
  ]);
  const x = layers.input({ shape: [T, I] });
  const initialState = [layers.input({ shape: [4] })];
  expect(() => layers.sru(H).apply(x, { initialState })).toThrow(
    'sru: expected initial states c of shape [null,5] each, got [null,4]; pass initialState: [c]',
  );
});

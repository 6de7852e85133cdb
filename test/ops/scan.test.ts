/** The scan against its twin and finite differences, in one piece and in blocks, and against the loop over steps that it stands for. */
import { describe, expect, it } from 'vitest';
import type { SequenceOptions } from '../../src/backend.ts';
import { where } from '../../src/ops/compare.ts';
import { add, mul, sub } from '../../src/ops/map.ts';
import { scan } from '../../src/ops/scan.ts';
import type { ScanForm, ScanOptions } from '../../src/ops/scan.ts';
import { reshape, slice, stack } from '../../src/ops/shape.ts';
import { tensor, zeros } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp, compute, expectClose, expectSame } from '../support/check.ts';
import { gpu, reference } from '../support/devices.ts';
import { pairs } from '../support/pairs.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';

const FORMS: ScanForm[] = ['affine', 'gated', 'complex'];
type Without = Omit<ScanOptions, 'initialState' | 'mask'>;

/** The same a step at a time, by other ops. */
function stepByStep(
  a: Tensor,
  b: Tensor,
  start: Tensor | null,
  { form = 'affine', reverse = false }: Without,
  mask?: Host,
): Tensor {
  const [batch, time, features] = b.shape;
  const at = (x: Tensor, t: number): Tensor =>
    reshape(slice(x, [0, t, 0], [batch, 1, features]), [batch, features]);
  const next = (x: Tensor, y: Tensor, state: Tensor): Tensor => {
    if (form === 'gated') return add(mul(sub(1, x), state), mul(x, y));
    return add(form === 'complex' ? complexProduct(x, state) : mul(x, state), y);
  };
  let state = start ?? zeros([batch, features], 'float32', b.device);
  const states: Tensor[] = [];
  for (let step = 0; step < time; step++) {
    const t = reverse ? time - 1 - step : step;
    const after = next(at(a, t), at(b, t), state);
    const real = mask && Int32Array.from({ length: batch }, (_, k) => mask.data[k * time + t]);
    state = real ? where(tensor(real, [batch, 1], 'int32', b.device), after, state) : after;
    states[t] = state;
  }
  return stack(states, 1);
}

function complexProduct(x: Tensor, y: Tensor): Tensor {
  const parts = (z: Tensor): [Tensor, Tensor] => {
    const pairs = reshape(z, [z.shape[0], z.shape[1] / 2, 2]);
    const part = (k: number): Tensor => slice(pairs, [0, 0, k], [z.shape[0], z.shape[1] / 2, 1]);
    return [part(0), part(1)];
  };
  const [[a, b], [c, d]] = [parts(x), parts(y)];
  const real = sub(mul(a, c), mul(b, d));
  const imaginary = add(mul(a, d), mul(b, c));
  return reshape(stack([real, imaginary], 2), x.shape);
}

/** a [batch, time, features], b and a state. */
const inputs = (batch: number, time: number, features: number): Host[] => [
  floats([batch, time, features], 3),
  floats([batch, time, features], 4),
  floats([batch, features], 5),
];

const build =
  (options: Without, mask?: Host) =>
  ([a, b, initialState = null]: (Tensor | null)[]): Tensor =>
    scan(a!, b!, {
      ...options,
      initialState,
      mask: mask && tensor(mask.data, mask.shape, 'int32', a!.device),
    });

const SHAPES: [number, number, number][] = [
  [1, 1, 2],
  [3, 4, 10],
  [2, 65, 6],
  [5, 7, 132],
];
/** One piece; blocks of two steps, of which the last may be of one; blocks as the rule says. */
const WAYS: (SequenceOptions | undefined)[] = [{ chunk: 4096 }, { chunk: 2 }, undefined];

describe.each(FORMS)('%s', (form) => {
  it.each(pairs({ shape: SHAPES, sequence: WAYS, reverse: [false, true], start: [true, false] }))(
    '%j',
    async ({ shape, sequence, reverse, start }) => {
      const given = inputs(...shape).slice(0, start ? 3 : 2);
      await checkOp(build({ form, reverse }), given, { sequence });
    },
  );

  it.each([false, true])('equals the loop over its steps; in reverse: %s', async (reverse) => {
    const given = inputs(3, 6, 4);
    const options = { form, reverse };
    const loop = ([a, b, start]: Tensor[]): Tensor => stepByStep(a, b, start, options);
    const found = await compute(reference, build(options), given);
    expectSame(found, await compute(reference, loop, given), 'step by step', TOLERANCE.golden);
  });

  it.each(pairs({ reverse: [false, true], sequence: WAYS }))(
    'passes the state through masked steps: %j',
    async ({ reverse, sequence }) => {
      const given = inputs(4, 5, 4);
      const mask: Host = {
        shape: [4, 5],
        // A gap, padding on the left, on the right, and nothing but padding.
        data: Int32Array.from([1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]),
      };
      const options = { form, reverse };
      const found = await checkOp(build(options, mask), given, { sequence });
      const loop = ([a, b, start]: Tensor[]): Tensor => stepByStep(a, b, start, options, mask);
      expectSame(found, await compute(reference, loop, given), 'step by step', TOLERANCE.golden);
    },
  );

  it('does not care what masked steps hold', async () => {
    const given = inputs(2, 3, 4);
    const mask: Host = { shape: [2, 3], data: Int32Array.from([1, 0, 1, 0, 0, 0]) };
    const spoilt = given.map(({ shape, data }, i) => ({
      shape,
      data: i < 2 ? data.map((x, k) => (mask.data[Math.floor(k / 4)] ? x : NaN)) : data,
    })) as Host[];
    const found = await compute(reference, build({ form }, mask), spoilt);
    expectSame(
      found,
      await compute(reference, build({ form }, mask), given),
      'with NaN where it is masked',
      TOLERANCE.golden,
    );
  });

  it('stays close over many steps', async () => {
    const [a, b, start] = inputs(1, 16_384, 6);
    // Near 1, so that the state remembers some hundred steps.
    a.data = a.data.map((x, k) => {
      if (form === 'affine') return 1 - 0.01 * Math.abs(x);
      if (form === 'gated') return 0.01 * Math.abs(x);
      return k % 2 === 0 ? 0.99 - 0.005 * Math.abs(x) : 0.1 * x;
    });
    await checkOp(build({ form }), [a, b, start], { tolerance: 'long' });
  });
});

describe('an a that is the same along axes', () => {
  it.each([[[6]], [[1]], [[5, 1]], [[3, 1, 6]], [[1, 5, 6]], [[3, 5, 1]], [[1, 1, 1]]])(
    '%j of [3,5,6]',
    async (shape) => {
      const given = [floats(shape, 3), floats([3, 5, 6], 4), floats([3, 6], 5)];
      for (const sequence of WAYS)
        for (const form of ['affine', 'gated'] as const)
          await checkOp(build({ form }), given, { sequence });
    },
  );

  it.each([[[6]], [[5, 6]], [[3, 1, 6]]])('%j, complex', async (shape) => {
    const given = [floats(shape, 3), floats([3, 5, 6], 4), floats([3, 6], 5)];
    for (const sequence of WAYS) await checkOp(build({ form: 'complex' }), given, { sequence });
  });
});

it('computes the gradients that are asked for', async () => {
  const [a, b, start] = inputs(2, 5, 4);
  const constant = ({ shape, data }: Host, { device }: Tensor): Tensor =>
    tensor(data, shape, 'float32', device);
  await checkOp(([x]) => scan(x, constant(b, x)), [a]);
  await checkOp(([y]) => scan(constant(a, y), y), [b]);
  await checkOp(([x]) => scan(x, constant(b, x), { form: 'gated' }), [a]);
  await checkOp(
    ([s]) => scan(constant(a, s), constant(b, s), { initialState: s, form: 'gated' }),
    [start],
  );
});

it('takes as many dispatches whatever the number of steps', async () => {
  const device = await gpu();
  const count = (time: number): number => {
    const [a, b] = inputs(1, time, 4).map(({ shape, data }) =>
      tensor(data, shape, 'float32', device),
    );
    const before = device.stats().dispatches;
    const h = scan(a, b);
    const { dispatches } = device.stats();
    for (const one of [a, b, h]) one.dispose();
    return dispatches - before;
  };
  expect([5, 100, 20_000].map(count)).toEqual([3, 3, 3]);
  // A single step, as in a stream.
  expect(count(1)).toBe(1);
});

it('keeps what a running sum has', async () => {
  const x = floats([1, 300, 3], 8);
  const [found] = (await compute(reference, ([b]) => scan(onesLike(b), b), [x])).outputs;
  let sum = 0;
  const expected = Array.from({ length: 300 }, (_, t) => (sum += x.data[3 * t + 1]));
  expectClose(
    expected.map((_, t) => found.data[3 * t + 1]),
    expected,
    'the sum of column 1',
  );
});
const onesLike = ({ device }: Tensor): Tensor => tensor([1], [1], 'float32', device);

it('says what it takes', () => {
  const make = (shape: number[]): Tensor => zeros(shape, 'float32', reference);
  const b = make([2, 3, 4]);
  expect(() => scan(make([2, 3, 5]), b)).toThrow(
    'scan: expected a float32 a of the shape of b, [2,3,4], or with an extent of 1 on some axes, got float32[2,3,5]',
  );
  expect(() => scan(make([1]), b, { form: 'complex' })).toThrow(/1 on the first two axes/);
  expect(() => scan(make([3, 4]), make([3, 4]))).toThrow(
    'scan: expected a float32 b of shape [batch, time, features] that is not empty, got float32[3,4]',
  );
  expect(() => scan(b, b, { form: 'linear' as never })).toThrow(
    "scan: expected a form of affine, gated, complex, got 'linear'",
  );
  expect(() => scan(make([1]), make([2, 3, 5]), { form: 'complex' })).toThrow(/pairs of a real/);
  expect(() => scan(b, b, { initialState: make([4]) })).toThrow(
    'scan: expected a float32 initial state of shape [batch, features] = [2,4], got float32[4]',
  );
  expect(() => scan(b, b, { mask: make([2, 3]) })).toThrow(
    'scan: expected an int32 mask of shape [batch, time] = [2,3], got float32[2,3]',
  );
});

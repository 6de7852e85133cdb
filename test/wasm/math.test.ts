/** The error bounds that src/wasm/lib/ states, in both builds, over numbers of every magnitude. */
import { describe, expect, it } from 'vitest';
import { erf } from '../../src/cpu/functions.ts';
import type { MapName } from '../../src/kernels.generated.ts';
import { unary } from '../../src/ops/elementwise.ts';
import { tensor } from '../../src/tensor.ts';
import { wasm } from '../../src/wasm/load.ts';
import { builds } from '../support/builds.ts';
import { floats } from '../support/random.ts';

interface Bound {
  readonly name: MapName;
  readonly exact: (x: number) => number;
  readonly ulps: number;
  /** Numbers below are not held to `ulps`; the result there is less than 2^-126, and may be 0. */
  readonly from?: number;
  /** Of NaN, 0, -0, ∞, -∞, 104, -104, 3e38 and -3e38. */
  readonly ends: readonly number[];
}
const near = (x: number): number => expect.closeTo(x, 4) as number;
const BOUNDS: readonly Bound[] = [
  {
    name: 'exp',
    exact: Math.exp,
    ulps: 2,
    ends: [NaN, 1, 1, Infinity, 0, Infinity, 0, Infinity, 0],
  },
  {
    name: 'log',
    exact: Math.log,
    ulps: 2,
    ends: [NaN, -Infinity, -Infinity, Infinity, NaN, near(4.644391), NaN, near(88.596846), NaN],
  },
  {
    name: 'sigmoid',
    exact: (x) => 1 / (1 + Math.exp(-x)),
    ulps: 3,
    from: -87.3,
    ends: [NaN, 0.5, 0.5, 1, 0, 1, near(0), 1, near(0)],
  },
  {
    name: 'expm1',
    exact: Math.expm1,
    ulps: 2,
    ends: [NaN, 0, 0, Infinity, -1, Infinity, -1, Infinity, -1],
  },
  {
    name: 'log1p',
    exact: Math.log1p,
    ulps: 3,
    ends: [NaN, 0, -0, Infinity, NaN, near(4.65396), NaN, near(88.596846), NaN],
  },
  {
    name: 'erf',
    exact: erf,
    ulps: 4,
    ends: [NaN, 0, -0, 1, -1, 1, -1, 1, -1],
  },
  { name: 'tanh', exact: Math.tanh, ulps: 3, ends: [NaN, 0, -0, 1, -1, 1, -1, 1, -1] },
];
const SMALLEST_NORMAL = 2 ** -126;
const INFINITY_BITS = 0x7f800000;
/** A prime, so that the lowest bits take every value. */
const STRIDE = 4093;

/** Every 4093rd float32 number, of both signs. */
function everyMagnitude(): Float32Array {
  const count = Math.ceil(INFINITY_BITS / STRIDE);
  const bits = Int32Array.from({ length: 2 * count }, (_, i) =>
    i < count ? i * STRIDE : ((i - count) * STRIDE) | (1 << 31),
  );
  return new Float32Array(bits.buffer);
}

/** The distance from |y|, rounded to float32, to the next float32 number. */
function ulp(y: number): number {
  const number = Float32Array.of(Math.abs(y));
  const [value] = number;
  new Int32Array(number.buffer)[0]++;
  return Math.min(number[0] - value, 2 ** 104);
}

describe.each(builds)('the %s build', (build) => {
  async function apply(name: MapName, numbers: Float32Array): Promise<Float32Array> {
    const device = await wasm({ build });
    const y = unary(name, tensor(numbers, [numbers.length], 'float32', device));
    return (await y.data()) as Float32Array;
  }

  it.each(BOUNDS)('$name is within $ulps ulp', async ({ name, exact, ulps, from = -Infinity }) => {
    const numbers = everyMagnitude();
    const found = await apply(name, numbers);
    let worst = 0;
    numbers.forEach((x, i) => {
      const right = exact(x);
      const rounded = Math.fround(right);
      if (Object.is(found[i], rounded) || found[i] === rounded) return;
      const error = Math.abs(found[i] - right);
      if (x >= from) worst = Math.max(worst, error / ulp(right));
      else if (!(error < SMALLEST_NORMAL)) worst = NaN;
    });
    expect(worst).toBeLessThanOrEqual(ulps);
  });

  it('sin and cos are within 2e-7 up to 10^9', async () => {
    for (const reach of [1, 50, 1e4, 1e9]) {
      const numbers = Float32Array.from(floats([10_000], 1, reach).data);
      for (const name of ['sin', 'cos'] as const) {
        const found = await apply(name, numbers);
        const errors = Array.from(numbers, (x, i) => Math.abs(found[i] - Math[name](x)));
        expect(Math.max(...errors), `${name}, ${reach}`).toBeLessThan(2e-7);
      }
    }
  });

  it.each(BOUNDS)('$name of NaN, zeros, infinities and large numbers', async ({ name, ends }) => {
    const numbers = Float32Array.of(NaN, 0, -0, Infinity, -Infinity, 104, -104, 3e38, -3e38);
    expect(Array.from(await apply(name, numbers))).toEqual(ends);
  });
});

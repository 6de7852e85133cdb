/**
 * Every elementwise function and its gradient, of zeros, denormals, the largest numbers, infinities and NaN: all devices give what the twin
 * gives. A device may take a denormal for a zero of its sign.
 */
import { describe, expect, it } from 'vitest';
import { MAP_TWINS, PAIR_TWINS } from '../../src/cpu/slots.generated.ts';
import type { Device } from '../../src/backend.ts';
import { backward } from '../../src/backward.ts';
import { MAPS, PAIRS } from '../../src/kernels.generated.ts';
import type { MapFacts, MapName, PairName } from '../../src/kernels.generated.ts';
import { apply, binary, unary } from '../../src/ops/elementwise.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { wasm } from '../../src/wasm/load.ts';
import { builds } from '../support/builds.ts';
import { gpu, testedDevices } from '../support/devices.ts';
import { TOLERANCE } from '../support/tolerances.ts';

const MAX = 3.4028234663852886e38;
/** The smallest number with an exponent of its own. */
const NORMAL = 2 ** -126;
const SIZES = [
  ...[0, 2 ** -149, 1e-40, NORMAL, 1e-30, 1e-6, 0.25, 0.5, 1, 2, 3, 16.5, 86, 90, 200],
  ...[1e6, 1e19, 1e30, MAX, Infinity],
];
const VALUES = [...SIZES.flatMap((size) => [size, -size]), NaN].map(Math.fround);

/** A number as a device may see it. */
const seen = (x: number): number[] => (Math.abs(x) < NORMAL && x !== 0 ? [x, 0 * x] : [x]);

function close(found: number, expected: number): boolean {
  const rounded = Math.fround(expected);
  if (found === rounded || (Number.isNaN(found) && Number.isNaN(rounded))) return true;
  const { absolute, relative } = TOLERANCE.gpu;
  return Math.abs(found - rounded) <= absolute + relative * Math.abs(rounded);
}

/** What differs, in words. */
function differences(
  what: string,
  found: ArrayLike<number>,
  inputs: readonly (readonly number[])[],
  expected: (...x: number[]) => number,
): string[] {
  return Array.from(found).flatMap((value, i) => {
    const x = inputs.map((input) => input[i]);
    const all = x.reduce<number[][]>(
      (lists, one) => lists.flatMap((list) => seen(one).map((as) => [...list, as])),
      [[]],
    );
    const wanted = all.map((as) => expected(...as));
    if (wanted.some((one) => close(value, one))) return [];
    return [
      `${what}(${x.map((one) => (Object.is(one, -0) ? '-0' : one)).join(', ')}) = ${value}, not ${wanted[0]}`,
    ];
  });
}

const leaf = (device: Device, numbers: readonly number[]): Variable => {
  const { storage } = tensor(Float32Array.from(numbers), undefined, 'float32', device);
  return new Variable(device, storage, [numbers.length], 'x', true);
};

const DEVICES: (readonly [string, () => Promise<Device>])[] = [
  ...(testedDevices.some(({ name }) => name === 'webgpu')
    ? [['webgpu', () => gpu({ poison: true })] as const]
    : []),
  ...builds.map((build) => [`wasm, ${build}`, () => wasm({ build, poison: true })] as const),
];

describe.each(DEVICES)('%s', (_, open) => {
  it.each(Object.keys(MAPS) as MapName[])('%s', async (name) => {
    const device = await open();
    const { differentiable, fromValue, defaults }: MapFacts = MAPS[name];
    const { map, gradient } = MAP_TWINS[name];
    const of = (x: number): number => map(x, ...defaults);
    const { y, dx } = scope(() => {
      const x = leaf(device, VALUES);
      const y = unary(name, x);
      const ones = tensor(
        VALUES.map(() => 1),
        undefined,
        'float32',
        device,
      );
      return { y, dx: differentiable ? backward(y, [ones]).get(x)! : null };
    });
    // sin and cos of what is beyond some 10^4 are numbers from -1 to 1, and no more is said.
    const far = (x: number): boolean => /sin|cos/.test(name) && Math.abs(x) > 1e4 && x - x === 0;
    const values = await y.data();
    const wrong = differences(name, values, [VALUES], (x) =>
      far(x) ? values[VALUES.indexOf(Math.fround(x))] : of(x),
    );
    VALUES.forEach((x, i) => {
      if (far(x) && !(Math.abs(values[i]) <= 1.000001)) wrong.push(`${name}(${x}) = ${values[i]}`);
    });
    if (dx && gradient) {
      const slopes = await dx.data();
      // Of the value, as the device has rounded it, where it follows from that.
      wrong.push(
        ...differences(`${name}'`, slopes, [VALUES], (x) => {
          if (far(x)) return slopes[VALUES.indexOf(Math.fround(x))];
          const v = fromValue ? Math.fround(of(x)) : x;
          return Number.isNaN(v) ? NaN : gradient(v, ...defaults);
        }),
      );
    }
    expect(wrong).toEqual([]);
  });

  it.each(Object.keys(PAIRS) as PairName[])('%s', async (name) => {
    const device = await open();
    const { pair, byA, byB } = PAIR_TWINS[name];
    const [left, right] = [
      VALUES.flatMap((a) => VALUES.map(() => a)),
      VALUES.flatMap(() => VALUES),
    ];
    const { out, da, db } = scope(() => {
      const [a, b] = [left, right].map((numbers) => leaf(device, numbers));
      if (!byA) return { out: apply(name, a, b), da: null, db: null };
      const out = binary(name, a, b);
      const ones = tensor(
        left.map(() => 1),
        undefined,
        'float32',
        device,
      );
      const found = backward(out, [ones]);
      return { out, da: found.get(a), db: found.get(b) };
    });
    const checks: [string, Tensor | null, ((a: number, b: number) => number) | undefined][] = [
      [name, out, pair],
      [`${name} by the first`, da, byA],
      [`${name} by the second`, db, byB],
    ];
    const wrong: string[] = [];
    for (const [what, found, expected] of checks)
      if (found && expected)
        wrong.push(...differences(what, await found.data(), [left, right], expected));
    expect(wrong).toEqual([]);
  });
});

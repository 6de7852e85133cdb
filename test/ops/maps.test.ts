/** Every elementwise function that there is: the GPU against the twin, and the twin's derivative against finite differences. */
import { describe, expect, it } from 'vitest';
import { MAP_TWINS, PAIR_TWINS } from '../../src/cpu/slots.generated.ts';
import { MAPS, PAIRS } from '../../src/kernels.generated.ts';
import type { MapFacts, MapName, PairName } from '../../src/kernels.generated.ts';
import { apply, binary, unary } from '../../src/ops/elementwise.ts';
import { checkOp } from '../support/check.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';

/** Functions of numbers above 0 alone. */
const POSITIVE = ['sqrt', 'rsqrt', 'reciprocal', 'log', 'log1p', 'div', 'pow'];

function numbersFor(name: string, shape: number[], seed: number): Host {
  const { data } = floats(shape, seed, 4);
  return { shape, data: POSITIVE.includes(name) ? data.map((x) => Math.abs(x) + 0.2) : data };
}

const STEP = 1e-5;
const difference = (f: (x: number) => number, x: number): number =>
  (f(x + STEP) - f(x - STEP)) / (2 * STEP);

describe.each(Object.keys(MAPS) as MapName[])('%s', (name) => {
  const { differentiable, fromValue, defaults }: MapFacts = MAPS[name];
  const { map, gradient } = MAP_TWINS[name];

  it('agrees with its twin', async () => {
    for (const shape of [[], [3], [33, 65]])
      await checkOp(([x]) => unary(name, x), [numbersFor(name, shape, 1)], {
        gradient: differentiable,
      });
  });

  it('passes NaN on, and no other number with it', async () => {
    const x: Host = { shape: [3], data: Float32Array.of(0.5, NaN, 1.5) };
    const { outputs } = await checkOp(([t]) => unary(name, t), [x], { gradient: false });
    expect(Array.from(outputs[0].data, Number.isNaN)).toEqual([false, true, false]);
  });

  it('has the derivative that its twin says, or none', () => {
    expect(gradient !== undefined).toBe(differentiable);
    if (!gradient) return;
    for (const x of numbersFor(name, [200], 2).data) {
      const slope = gradient(fromValue ? map(x, ...defaults) : x, ...defaults);
      const expected = difference((value) => map(value, ...defaults), x);
      expect(Math.abs(slope - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
    }
  });
});

describe.each(Object.keys(PAIRS) as PairName[])('%s', (name) => {
  const { pair, byA, byB } = PAIR_TWINS[name];
  const [a, b] = [numbersFor(name, [7, 33], 3), numbersFor(name, [33], 4)];

  it('agrees with its twin', async () => {
    const gradient = byA !== undefined || name === 'add' || name === 'sub';
    const op = gradient ? binary : apply;
    await checkOp(([x, y]) => op(name, x, y), [a, b], { gradient });
  });

  it('has the derivatives that its twin says', () => {
    if (!byA || !byB) return;
    b.data.forEach((y, i) => {
      const x = a.data[i];
      for (const [slope, expected] of [
        [byA(x, y), difference((value) => pair(value, y), x)],
        [byB(x, y), difference((value) => pair(x, value), y)],
      ])
        expect(Math.abs(slope - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
    });
  });
});

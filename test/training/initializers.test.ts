import { describe, expect, it } from 'vitest';
import * as initializers from '../../src/initializers.ts';
import type { InitializerName } from '../../src/initializers.ts';
import { Random } from '../../src/random.ts';

const { getInitializer } = initializers;
const draw = (name: InitializerName, shape: number[], seed = 1, options: object = {}) =>
  getInitializer({ name, ...options })(shape, new Random(seed));

function statistics(values: Float32Array) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  const largest = values.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  return { mean, deviation: Math.sqrt(variance), largest };
}

/** The deviation of a normal distribution cut off at two deviations, by its density and distribution function. */
const CUT = 0.8796256610342398;

describe('initializers', () => {
  // Bounds of uniform distributions and deviations of normal ones for fans 60 and 40.
  it.each([
    ['glorotUniform', Math.sqrt(6 / 100), null],
    ['heUniform', Math.sqrt(6 / 60), null],
    ['lecunUniform', Math.sqrt(3 / 60), null],
    ['randomUniform', 0.05, null],
    ['uniform', 0.05, null],
    ['glorotNormal', (2 * Math.sqrt(2 / 100)) / CUT, Math.sqrt(2 / 100)],
    ['heNormal', (2 * Math.sqrt(2 / 60)) / CUT, Math.sqrt(2 / 60)],
    ['lecunNormal', (2 * Math.sqrt(1 / 60)) / CUT, Math.sqrt(1 / 60)],
    ['truncatedNormal', 0.1, 0.05 * CUT],
    ['varianceScaling', (2 * Math.sqrt(1 / 60)) / CUT, Math.sqrt(1 / 60)],
  ] as [InitializerName, number, number | null][])('%s has its scale', (name, bound, normal) => {
    const values = new Float32Array(60 * 40 * 10);
    for (let k = 0; k < 10; k++) values.set(draw(name, [60, 40], k), k * 2400);
    const { mean, deviation, largest } = statistics(values);
    const expected = normal ?? bound / Math.sqrt(3);
    expect(Math.abs(mean)).toBeLessThan(0.04 * expected);
    expect(Math.abs(deviation / expected - 1)).toBeLessThan(0.03);
    expect(largest).toBeLessThanOrEqual(Math.fround(bound));
    expect(largest).toBeGreaterThan(0.97 * bound);
  });

  it('randomNormal has tails', () => {
    const { mean, deviation, largest } = statistics(
      draw('normal', [200, 100], 3, { mean: 1, stddev: 2 }),
    );
    expect(Math.abs(mean - 1)).toBeLessThan(0.06);
    expect(Math.abs(deviation - 2)).toBeLessThan(0.05);
    expect(largest).toBeGreaterThan(1 + 3 * 2);
  });

  it('counts fans by rank', () => {
    const bound = (shape: number[], mode: string) =>
      statistics(draw('varianceScaling', shape, 2, { scale: 3, mode, distribution: 'uniform' }))
        .largest;
    // A limit of sqrt(3 * 3 / fan), nearly reached by the largest of many numbers.
    for (const [shape, mode, fan] of [
      [[500], 'fanIn', 500],
      [[40, 60], 'fanOut', 60],
      [[3, 5, 20, 30], 'fanIn', 300],
      [[3, 5, 20, 30], 'fanOut', 450],
      [[3, 5, 20, 30], 'fanAvg', 375],
    ] as [number[], string, number][]) {
      const limit = Math.sqrt(9 / fan);
      expect(bound(shape, mode)).toBeLessThanOrEqual(Math.fround(limit));
      expect(bound(shape, mode)).toBeGreaterThan(0.98 * limit);
    }
    const wide = draw('varianceScaling', [50, 50], 2, { distribution: 'untruncatedNormal' });
    expect(Math.abs(statistics(wide).deviation * Math.sqrt(50) - 1)).toBeLessThan(0.05);
    expect(statistics(wide).largest).toBeGreaterThan(2.5 / Math.sqrt(50));
  });

  it.each([
    [[64, 256], 1],
    [[256, 64], 1],
    [[33, 33], 2],
    [[5, 6, 7], 1],
    [[1, 4], 1],
  ])('orthogonal %j with gain %d has orthonormal rows or columns', (shape, gain) => {
    const values = draw('orthogonal', shape, 4, { gain });
    const columns = shape.at(-1)!;
    const rows = values.length / columns;
    const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
    const at = (vector: number, i: number) =>
      rows < columns ? values[vector * columns + i] : values[i * columns + vector];
    for (let a = 0; a < count; a++)
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let i = 0; i < length; i++) dot += at(a, i) * at(b, i);
        expect(Math.abs(dot - (a === b ? gain * gain : 0))).toBeLessThan(2e-6 * gain * gain);
      }
  });

  it('orthogonal is uniform: no sign is preferred', () => {
    // Without a positive diagonal of R, an entry of Q tends to one sign.
    let positive = 0;
    for (let seed = 0; seed < 400; seed++) if (draw('orthogonal', [2, 2], seed)[0] > 0) positive++;
    expect(Math.abs(positive - 200)).toBeLessThan(50);
  });

  it('constants', () => {
    expect(Array.from(draw('zeros', [2, 2]))).toEqual([0, 0, 0, 0]);
    expect(Array.from(draw('ones', [3]))).toEqual([1, 1, 1]);
    expect(Array.from(draw('constant', [2], 1, { value: 0.5 }))).toEqual([0.5, 0.5]);
    expect(Array.from(draw('identity', [2, 3], 1, { gain: 2 }))).toEqual([2, 0, 0, 0, 2, 0]);
  });

  it('repeat with their seed and differ with another', () => {
    for (const name of ['glorotUniform', 'orthogonal', 'truncatedNormal'] as const) {
      expect(draw(name, [7, 9], 5)).toEqual(draw(name, [7, 9], 5));
      expect(draw(name, [7, 9], 5)).not.toEqual(draw(name, [7, 9], 6));
    }
  });

  it('come from names, configs and functions', () => {
    const own = () => Float32Array.of(1);
    expect(getInitializer(own)).toBe(own);
    const made = initializers.orthogonal({ gain: 3 });
    expect(made.config).toEqual({ name: 'orthogonal', gain: 3 });
    const again = getInitializer(made.config!);
    expect(again([4, 4], new Random(2))).toEqual(made([4, 4], new Random(2)));
    expect(getInitializer('glorotUniform').config).toEqual({ name: 'glorotUniform' });
    expect(() => getInitializer('glorot' as 'zeros')).toThrow(
      "unknown initializer 'glorot': expected a function or one of zeros, ones,",
    );
    expect(() => draw('identity', [3])).toThrow(
      'identity: expected the shape of a matrix, got [3]',
    );
    expect(() => draw('orthogonal', [3])).toThrow(/at least two axes, got \[3\]/);
  });
});

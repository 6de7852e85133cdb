import { describe, expect, it } from 'vitest';
import { foldSeed, philox, Random } from '../../src/random.ts';
import { dropoutMask } from '../../src/ops/dropout.ts';
import { gpu } from '../support/devices.ts';

const hex = (words: ArrayLike<number>) =>
  Array.from(words, (word) => word.toString(16).padStart(8, '0')).join(' ');

/** Mean and standard deviation. */
function moments(values: number[]): [number, number] {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return [mean, Math.sqrt(variance)];
}

describe('philox', () => {
  // The known answers for philox4x32 with 10 rounds that its authors publish with Random123.
  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ])('of %j with key %j', (counter, key, answer) => {
    expect(hex(philox(counter, key))).toBe(answer);
  });

  it('gives the same bits on the GPU', async () => {
    // At rate 1/2 the mask shows the highest bit of every word.
    const seed = 0xa4093822 + 0x1234 * 2 ** 32;
    const mask = await dropoutMask(await gpu(), [4096], 0.5, { seed, step: 77 }).data();
    const bits = Array.from({ length: 1024 }, (_, block) =>
      Array.from(philox([block, 0, 77, 2], [0xa4093822, 0x1234]), (word) => word >>> 31),
    ).flat();
    expect(Array.from(mask, (value) => value / 2)).toEqual(bits);
  });
});

describe('Random', () => {
  it('repeats with its seed and differs with another', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return [random.uniform(), random.normal(), random.integer(1000), random.uniform(2, 3)];
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect(draw(5)).not.toEqual(draw(5 + 2 ** 32));
  });

  it('draws uniformly and normally', () => {
    const random = new Random(1);
    const uniform = Array.from({ length: 20000 }, () => random.uniform(-1, 3));
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform)).toBeLessThan(3);
    const [mean, deviation] = moments(uniform);
    expect(Math.abs(mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(deviation - 4 / Math.sqrt(12))).toBeLessThan(0.02);
    const normal = Array.from({ length: 20000 }, () => random.normal(2, 3));
    const [normalMean, normalDeviation] = moments(normal);
    expect(Math.abs(normalMean - 2)).toBeLessThan(0.08);
    expect(Math.abs(normalDeviation - 3)).toBeLessThan(0.06);
    const within = normal.filter((x) => Math.abs(x - 2) < 3).length / normal.length;
    expect(Math.abs(within - 0.6827)).toBeLessThan(0.012);
  });

  it('draws whole numbers evenly and shuffles', () => {
    const random = new Random(2);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 12000; i++) counts[random.integer(6)]++;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
    const order = random.shuffle(Uint32Array.from({ length: 500 }, (_, i) => i));
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 500 }, (_, i) => i),
    );
    expect(order.filter((value, i) => value === i).length).toBeLessThan(10);
    // Every one of the 6 orders of 3 things is as likely.
    const orders: Record<string, number> = {};
    for (let i = 0; i < 6000; i++) {
      const key = random.shuffle(['a', 'b', 'c']).join('');
      orders[key] = (orders[key] ?? 0) + 1;
    }
    expect(Object.keys(orders)).toHaveLength(6);
    for (const count of Object.values(orders)) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('folds seeds into other valid seeds', () => {
    const seeds = new Set(Array.from({ length: 1000 }, (_, i) => foldSeed(42, i)));
    expect(seeds.size).toBe(1000);
    for (const seed of seeds) expect(Number.isSafeInteger(seed) && seed >= 0).toBe(true);
    expect(foldSeed(42, 3)).toBe(foldSeed(42, 3));
    expect(foldSeed(43, 3)).not.toBe(foldSeed(42, 3));
  });

  it('refuses bad seeds and ranges', () => {
    expect(() => new Random(-1)).toThrow(
      'Random: expected seed to be a whole number from 0 on, got -1',
    );
    expect(() => new Random(0.5)).toThrow(/got 0.5/);
    expect(() => new Random(1).integer(0)).toThrow(/from 1 to 2\^32, got 0/);
  });
});

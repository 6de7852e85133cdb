import { describe, expect, it } from 'vitest';
import * as ops from '../../src/ops/activations.ts';
import { tensor } from '../../src/tensor.ts';
import { checkOp } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';

/**
 * From deep saturation to next to nothing, where 1 - e^x and the like cancel; each group by itself, since the tolerance
 * follows the largest of a tensor. Kinks (-3, -1, 1, ...) are left out.
 */
const HARD = {
  beyond: [1e30, 1e10, 1000],
  far: [100, 89, 88.5, 30, 16.5],
  near: [9.2, 5.7, 3.3, 0.7, 0.31, 0.29],
  tiny: [1e-2, 1e-4, 1e-7, 1e-20],
};
const elementwise = ops.ACTIVATION_NAMES.filter((name) => !/softmax/i.test(name));

describe.each(elementwise)('%s', (name) => {
  it('agrees with its twin', async () => {
    for (const shape of [[], [1], [3], [33, 65]])
      await checkOp(([x]) => ops.activation(x, name), [floats(shape, 3, 4)]);
  });

  it.each(Object.entries(HARD))('is right %s', async (group, values) => {
    // e^89 is no float32.
    const inRange = (x: number) => name !== 'exponential' || x < 88;
    const data = Float32Array.from(values.flatMap((x) => [x, -x]).filter(inRange));
    await checkOp(([x]) => ops.activation(x, name), [{ shape: [data.length], data }], {
      finiteDifferences: group === 'near',
    });
  });

  it('lets NaN through', async () => {
    const x: Host = { shape: [2], data: Float32Array.of(NaN, 1) };
    const { outputs } = await checkOp(([t]) => ops.activation(t, name), [x], { gradient: false });
    expect(Array.from(outputs[0].data, Number.isNaN)).toEqual([true, false]);
  });
});

describe('near 0', () => {
  it.each(['tanh', 'softsign', 'elu', 'selu', 'celu', 'linear', 'hardTanh'] as const)(
    '%s is relatively exact',
    async (name) => {
      const tiny: Host = { shape: [64], data: floats([64], 5, 1e-6).data };
      const { outputs } = await checkOp(([x]) => ops.activation(x, name), [tiny], {
        finiteDifferences: false,
      });
      outputs[0].data.forEach((y, i) => {
        const slope = name === 'selu' ? (tiny.data[i] > 0 ? 1.0507 : 1.7581) : 1;
        expect(Math.abs(y / tiny.data[i] / slope - 1)).toBeLessThan(1e-4);
      });
    },
  );
});

describe('activations with constants', () => {
  const x = floats([33, 5], 7, 3);
  it.each([
    ['leakyRelu', (t) => ops.leakyRelu(t, 0.05)],
    ['elu', (t) => ops.elu(t, 0.5)],
    ['celu', (t) => ops.celu(t, 1.5)],
    ['gelu by tanh', (t) => ops.gelu(t, true)],
    ['hardShrink', (t) => ops.hardShrink(t, 0.9)],
    ['softShrink', (t) => ops.softShrink(t, 0.9)],
    ['squareplus', (t) => ops.squareplus(t, 1)],
  ] as [string, (t: Parameters<typeof ops.relu>[0]) => ReturnType<typeof ops.relu>][])(
    '%s',
    async (_, op) => {
      await checkOp(([t]) => op(t), [x]);
    },
  );

  it('are found by name', () => {
    const t = tensor([1], [1], 'float32', reference);
    expect(() => ops.activation(t, 'swishy' as ops.ActivationName)).toThrow(
      /activation: expected its name to be one of celu, elu, .*, got 'swishy'/,
    );
    expect(ops.activation(t, 'linear')).toBe(t);
  });
});

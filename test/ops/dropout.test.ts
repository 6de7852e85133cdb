import { describe, expect, it } from 'vitest';
import { dropout, dropoutMask } from '../../src/ops/dropout.ts';
import { fill, tensor } from '../../src/tensor.ts';
import { checkOp, compute } from '../support/check.ts';
import { gpu, openAll, reference, testedDevices } from '../support/devices.ts';
import { floats } from '../support/random.ts';

const kept = (values: ArrayLike<number>) => Array.from(values, (value) => (value === 0 ? 0 : 1));

describe('dropout', () => {
  it.each([
    [[3, 4, 5], undefined],
    [[3, 4, 5], [1]],
    [[3, 4, 8], [1]],
    [[3, 4, 5], [-1]],
    [
      [2, 3, 4, 5],
      [1, 2],
    ],
    [[7], [0]],
    [[1], undefined],
    [[33, 65], undefined],
    [[3, 50, 33], [1]],
    [[4099], undefined],
  ] as [number[], number[] | undefined][])(
    'of %j sharing axes %j agrees with its twin, mask and gradient',
    async (shape, broadcast) => {
      const x = floats(shape, 3);
      const options = { seed: 2 ** 40 + 17, step: 5, broadcast };
      const build = (rate: number) => (inputs: any[]) => dropout(inputs[0], rate, options);
      const expected = await checkOp(build(0.3), [x]);
      for (const { open } of testedDevices) {
        const actual = await compute(await open({ poison: true }), build(0.3), [x]);
        expect(kept(actual.outputs[0].data)).toEqual(kept(expected.outputs[0].data));
        // The same mask in the backward pass.
        expect(kept(actual.gradients[0]!)).toEqual(kept(expected.outputs[0].data));
      }
      for (let i = 0; i < x.data.length; i++)
        if (expected.outputs[0].data[i] !== 0)
          expect(expected.outputs[0].data[i]).toBeCloseTo(x.data[i] / 0.7, 12);
    },
  );

  it('shares the mask along broadcast axes', async () => {
    const one = fill(await gpu(), [3, 5, 7], 1);
    const counter = { seed: 1, step: 0 };
    const options = { ...counter, broadcast: [1] };
    const values = await dropout(one, 0.5, options).data();
    const mask = await dropoutMask(await gpu(), [3, 7], 0.5, counter).data();
    for (let b = 0; b < 3; b++)
      for (let t = 0; t < 5; t++)
        for (let i = 0; i < 7; i++) expect(values[(b * 5 + t) * 7 + i]).toBe(mask[b * 7 + i]);
    expect(new Set(mask)).toEqual(new Set([0, 2]));
  });

  it('keeps the expected fraction, and other elements for another seed or step', async () => {
    const device = await gpu();
    const draw = async (seed: number, step: number, rate = 0.2) =>
      kept(await dropoutMask(device, [40000], rate, { seed, step }).data());
    const fraction = (mask: number[]) => mask.reduce((sum, x) => sum + x, 0) / mask.length;
    const base = await draw(9, 1);
    expect(Math.abs(fraction(base) - 0.8)).toBeLessThan(0.01);
    expect(await draw(9, 1)).toEqual(base);
    for (const [seed, step] of [
      [9, 2],
      [10, 1],
      [9 + 2 ** 32, 1],
    ] as const) {
      const other = await draw(seed, step);
      const agree = fraction(other.map((x, i) => (x === base[i] ? 1 : 0)));
      // Independent masks agree where both keep or both drop: 0.8^2 + 0.2^2.
      expect(Math.abs(agree - 0.68)).toBeLessThan(0.012);
    }
    expect(fraction(await draw(3, 0, 0.999999))).toBeLessThan(0.001);
    expect(await draw(3, 0, 0)).toEqual(new Array(40000).fill(1));
  });

  it('at rate 0 is the tensor itself', () => {
    const x = fill(reference, [4], 2);
    expect(dropout(x, 0, { seed: 0, step: 0 })).toBe(x);
  });

  it('drops infinities to zero', async () => {
    for (const device of await openAll()) {
      const x = tensor(new Float32Array(64).fill(Infinity), [64], 'float32', device);
      const values = await dropout(x, 0.5, { seed: 4, step: 4 }).data();
      expect(new Set(values)).toEqual(new Set([0, Infinity]));
    }
  });

  it('refuses bad rates, steps, seeds, types and axes', () => {
    const x = fill(reference, [2, 3, 4], 1);
    const at = { seed: 0, step: 0 };
    for (const rate of [1, -0.1, 1.5, NaN])
      expect(() => dropout(x, rate, at)).toThrow(
        `dropout: expected rate to be a number from 0 to below 1, got ${rate}`,
      );
    expect(() => dropoutMask(reference, [2], 2, at)).toThrow(/dropoutMask: expected rate/);
    expect(() => dropout(x, 0.5, { seed: 0, step: -1 })).toThrow(/step to be a whole number/);
    expect(() => dropout(x, 0.5, { seed: -3, step: 0 })).toThrow(/expected seed to be/);
    expect(() => dropout(x, 0.5, { ...at, broadcast: [3] })).toThrow(
      'dropout: expected neighbouring axes of [2,3,4] in broadcast, got 3',
    );
    expect(() => dropout(x, 0.5, { ...at, broadcast: [0, 2] })).toThrow(/neighbouring axes/);
    const ids = tensor(Int32Array.of(1, 2), [2], 'int32', reference);
    expect(() => dropout(ids, 0.5, at)).toThrow(/expected a float32 tensor/);
  });
});

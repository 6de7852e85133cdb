import { beforeAll, describe, expect, it } from 'vitest';
import { descend } from '../../examples/vanishing/clipping.ts';
import { derivativeByWeight, gradientNorms, settings } from '../../examples/vanishing/gradients.ts';
import { setDevice } from '../../src/index.ts';
import { gpu } from '../support/devices.ts';

beforeAll(async () => setDevice(await gpu()));

const share = async (name: string, gain: number, steps: number) => {
  const setting = settings.find((one) => one.name === name)!;
  const norms = await gradientNorms(setting, { gain, steps, seed: 1 });
  expect(norms).toHaveLength(steps);
  return norms[0] / norms[steps - 1];
};

describe('vanishing', () => {
  it.each([0.9, 1.1])('linear: the gradient goes as a power of |w| = %s', async (gain) => {
    const steps = 30;
    const setting = settings[0];
    const norms = await gradientNorms(setting, { gain, steps, seed: 3 });
    const [first, last] = [norms[0], norms[steps - 1]];
    // Weights of one singular value change the norm of the state's gradient by just that factor; the random input weights, by
    // which it reaches x, make a little of difference.
    const factor = (first / last) ** (1 / (steps - 1));
    expect(Math.abs(factor / gain - 1)).toBeLessThan(0.02);
  });

  it.each([0.9, 1.1])('open gates carry what else vanishes, at |w| = %s', async (gain) => {
    for (const [closed, open] of [
      ['LSTM', 'LSTM, forget bias 5'],
      ['GRU', 'GRU, update bias 5'],
    ]) {
      expect(await share(closed, gain, 40)).toBeLessThan(0.2);
      expect(await share(open, gain, 40)).toBeGreaterThan(0.5);
    }
    expect(await share('simple, tanh', gain, 40)).toBeLessThan(1e-3);
  });

  it('backward gives t·w^(t-1)·h_0', async () => {
    for (const [w, t, h0] of [
      [0.9, 1, 0.5],
      [0.9, 60, 0.5],
      [1.1, 60, -2],
      [-1.05, 7, 1],
    ]) {
      const expected = t * w ** (t - 1) * h0;
      expect(Math.abs((await derivativeByWeight(w, t, h0)) / expected - 1)).toBeLessThan(1e-5);
    }
  });

  it('clipping tames an explosion', async () => {
    const cliff = { steps: 150, length: 60, from: 1.1 };
    const free = await descend(undefined, cliff);
    expect(free.error).toMatch(/not finite in step \d+/);
    const clipped = await descend(1, cliff);
    expect(clipped.error).toBe(null);
    expect(clipped.losses[0]).toBeGreaterThan(1e4);
    expect(clipped.losses.at(-1)).toBeLessThan(0.1);
    expect(clipped.weights.at(-1)).toBeCloseTo(1, 2);
    // A step is no longer than the learning rate.
    const steps = clipped.weights
      .slice(1)
      .map((weight, i) => Math.abs(weight - clipped.weights[i]));
    expect(Math.max(...steps)).toBeLessThan(1.01e-3);
  });
});

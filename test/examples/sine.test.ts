import { expect, it } from 'vitest';
import {
  angles,
  buildNetwork,
  follow,
  lastErrors,
  mean,
  train,
} from '../../examples/sine/network.ts';
import type { Cell } from '../../examples/sine/network.ts';
import { setDevice } from '../../src/index.ts';
import { gpu } from '../support/devices.ts';

it('sine: segments follow each other without a gap', () => {
  const all = [0, 1, 2].flatMap(angles);
  const steps = all.slice(1).map((angle, i) => angle - all[i]);
  expect(all[0]).toBe(0);
  for (const step of steps) expect(step).toBeCloseTo(Math.PI / 10, 12);
});

it('sine: errors are said to be of as many segments as were run', () => {
  const errors = Array.from({ length: 300 }, (_, i) => i);
  expect(lastErrors(errors)).toEqual({
    'MSE of the last 20 of 100 segments': 89.5,
    'MSE of the last 20 of 300 segments': 289.5,
  });
  expect(lastErrors(errors.slice(0, 50))).toEqual({ 'MSE of the last 20 of 50 segments': 39.5 });
});

it.each<[Cell, number]>([
  ['RNN', 0.02],
  ['LSTM', 0.001],
])('sine: %s learns it, and carries its state on', async (cell, limit) => {
  setDevice(await gpu());
  const network = buildNetwork(cell, 1);
  const errors = await train(network, 300);
  expect(errors[0]).toBeGreaterThan(0.1);
  expect(mean(errors.slice(-20))).toBeLessThan(limit);
  const answers = await follow(network, 300, 2);
  const error = (values: readonly number[], first: number) =>
    mean(values.map((value, i) => (value - Math.cos((first * 10 + i) * (Math.PI / 10))) ** 2));
  expect(error(answers, 300)).toBeLessThan(limit);
  // The first point alone, a sine of 0, may be a cosine of 1 or of -1: only the state tells.
  const [up, down] = [answers[0], answers[10]];
  expect(up).toBeGreaterThan(0.5);
  expect(down).toBeLessThan(-0.5);
  network.resetStates();
  const [fresh] = await follow(network, 300, 1);
  expect(Math.abs(fresh - up)).toBeGreaterThan(0.1);
  network.dispose();
});

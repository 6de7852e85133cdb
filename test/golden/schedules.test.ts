/** PyTorch's learning-rate schedulers against the schedules, where both follow one formula. */
import { describe, expect, it } from 'vitest';
import * as schedules from '../../src/optimizers/schedules.ts';
import type { Schedule } from '../../src/optimizers/schedules.ts';
import golden from '../fixtures/schedulers.json';
import { selectCases } from './cases.ts';

const cases = golden.cases as {
  name: string;
  op: string;
  config: Record<string, any>;
  outputs: { lr: number[] };
}[];

/** The schedule that should follow a case, and for how many steps the two formulas agree (all of them by default). */
type Same = (c: Record<string, any>) => { schedule: Schedule; steps?: number };

const exponential = (rate: (c: Record<string, any>) => number, every = 1): Same =>
  function (c) {
    const options = { initialLearningRate: c.lr, decaySteps: c.step_size ?? every };
    const staircase = c.step_size !== undefined;
    return { schedule: schedules.exponentialDecay({ ...options, decayRate: rate(c), staircase }) };
  };

const SAME: Record<string, Same> = {
  step: exponential((c) => c.gamma),
  exponential: exponential((c) => c.gamma),
  'multiplicative_0.95': exponential(() => 0.95),
  multistep: ({ lr, milestones, gamma }) => ({
    schedule: schedules.piecewiseConstantDecay({
      // Keras keeps a value up to its boundary, PyTorch changes it at the milestone.
      boundaries: milestones.map((milestone: number) => milestone - 1),
      values: [0, ...milestones].map((_, i: number) => lr * gamma ** i),
    }),
  }),
  constant: ({ lr, factor, total_iters }) => ({
    schedule: schedules.piecewiseConstantDecay({
      boundaries: [total_iters - 1],
      values: [lr * factor, lr],
    }),
  }),
  linear: ({ lr, start_factor, end_factor, total_iters }) => ({
    schedule: schedules.polynomialDecay({
      initialLearningRate: lr * start_factor,
      endLearningRate: lr * end_factor,
      decaySteps: total_iters,
    }),
  }),
  polynomial: ({ lr, total_iters, power }) => ({
    schedule: schedules.polynomialDecay({
      initialLearningRate: lr,
      endLearningRate: 0,
      decaySteps: total_iters,
      power,
    }),
  }),
  // Past its end, PyTorch's cosine rises again; Keras' stays.
  cosine: ({ lr, T_max }) => ({
    schedule: schedules.cosineDecay({ initialLearningRate: lr, decaySteps: T_max }),
    steps: T_max,
  }),
  cosine_eta_min_past_Tmax: ({ lr, T_max, eta_min }) => ({
    schedule: schedules.cosineDecay({
      initialLearningRate: lr,
      decaySteps: T_max,
      alpha: eta_min / lr,
    }),
    steps: T_max,
  }),
  cosine_restarts: ({ lr, T_0, T_mult, eta_min }) => ({
    schedule: schedules.cosineDecayRestarts({
      initialLearningRate: lr,
      firstDecaySteps: T_0,
      tMul: T_mult,
      alpha: eta_min / lr,
    }),
  }),
  sequential_warmup_cosine: ({ lr, start_factor, total_iters, T_max }) => ({
    schedule: schedules.cosineDecay({
      initialLearningRate: lr * start_factor,
      warmupTarget: lr,
      warmupSteps: total_iters,
      decaySteps: T_max,
    }),
  }),
};

const tested = selectCases('schedulers', 'schedules', cases);

describe('PyTorch schedulers', () => {
  it.each(tested.map((one) => [one.name, one] as [string, (typeof cases)[number]]))(
    '%s',
    (name, { config, outputs }) => {
      expect(Object.keys(SAME)).toContain(name);
      const { schedule, steps = outputs.lr.length - 1 } = SAME[name](config);
      for (let step = 0; step <= steps; step++)
        expect(Math.abs(schedule.call(step) - outputs.lr[step]), `step ${step}`).toBeLessThan(
          1e-15,
        );
    },
  );
});

import { describe, expect, it } from 'vitest';
import * as schedules from '../../src/optimizers/schedules.ts';
import type { Schedule } from '../../src/optimizers/schedules.ts';

/** Steps and the rates that Keras' formulas give there, worked out by hand. */
const CASES: [string, Schedule, [number, number][]][] = [
  [
    'exponentialDecay',
    schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.25 }),
    [
      [0, 0.1],
      [5, 0.05],
      [10, 0.025],
      [20, 0.00625],
    ],
  ],
  [
    'exponentialDecay by stairs',
    schedules.exponentialDecay({
      initialLearningRate: 0.1,
      decaySteps: 10,
      decayRate: 0.5,
      staircase: true,
    }),
    [
      [0, 0.1],
      [9, 0.1],
      [10, 0.05],
      [19, 0.05],
      [20, 0.025],
    ],
  ],
  [
    'inverseTimeDecay',
    schedules.inverseTimeDecay({ initialLearningRate: 1, decaySteps: 10, decayRate: 3 }),
    [
      [0, 1],
      [5, 0.4],
      [10, 0.25],
      [30, 0.1],
    ],
  ],
  [
    'inverseTimeDecay by stairs',
    schedules.inverseTimeDecay({
      initialLearningRate: 1,
      decaySteps: 10,
      decayRate: 3,
      staircase: true,
    }),
    [
      [9, 1],
      [10, 0.25],
      [35, 0.1],
    ],
  ],
  [
    'piecewiseConstantDecay',
    schedules.piecewiseConstantDecay({ boundaries: [100, 110], values: [1, 0.5, 0.1] }),
    [
      [0, 1],
      [100, 1],
      [101, 0.5],
      [110, 0.5],
      [111, 0.1],
      [1e6, 0.1],
    ],
  ],
  [
    'polynomialDecay',
    schedules.polynomialDecay({ initialLearningRate: 0.5001, decaySteps: 10, power: 2 }),
    [
      [0, 0.5001],
      [5, 0.1251],
      [10, 0.0001],
      [99, 0.0001],
    ],
  ],
  [
    'polynomialDecay, linear',
    schedules.polynomialDecay({ initialLearningRate: 1, decaySteps: 10, endLearningRate: 0 }),
    [
      [0, 1],
      [3, 0.7],
      [10, 0],
      [11, 0],
    ],
  ],
  [
    'polynomialDecay with cycles',
    schedules.polynomialDecay({
      initialLearningRate: 1,
      decaySteps: 10,
      endLearningRate: 0,
      cycle: true,
    }),
    [
      [0, 1],
      [10, 0],
      [11, 9 / 20],
      [20, 0],
      [21, 9 / 30],
    ],
  ],
  [
    'cosineDecay',
    schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 12, alpha: 0.2 }),
    [
      [0, 0.1],
      [4, 0.1 * (0.8 * 0.75 + 0.2)],
      [6, 0.06],
      [12, 0.02],
      [50, 0.02],
    ],
  ],
  [
    'cosineDecay with a warm-up',
    schedules.cosineDecay({
      initialLearningRate: 0.1,
      decaySteps: 6,
      warmupTarget: 0.5,
      warmupSteps: 4,
    }),
    [
      [0, 0.1],
      [1, 0.2],
      [3, 0.4],
      [4, 0.5],
      [6, 0.375],
      [7, 0.25],
      [10, 0],
      [12, 0],
    ],
  ],
  [
    'cosineDecayRestarts',
    schedules.cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 6, mMul: 0.5 }),
    // Periods of 6, 12 and 24 steps that start at 1, 1/2 and 1/4.
    [
      [0, 1],
      [2, 0.75],
      [6, 0.5],
      [10, 0.375],
      [12, 0.25],
      [18, 0.25],
      [30, 0.125],
      [42, 0.125],
    ],
  ],
  [
    'cosineDecayRestarts with equal periods',
    schedules.cosineDecayRestarts({
      initialLearningRate: 1,
      firstDecaySteps: 6,
      tMul: 1,
      alpha: 0.1,
    }),
    [
      [0, 1],
      [3, 0.55],
      [6, 1],
      [8, 0.1 + 0.9 * 0.75],
      [600, 1],
    ],
  ],
];

describe('schedules', () => {
  it.each(CASES)('%s', (_, schedule, expected) => {
    for (const [step, rate] of expected)
      expect(Math.abs(schedule.call(step) - rate), `step ${step}`).toBeLessThan(1e-14);
  });

  it.each(CASES)('%s comes again from its config', (_, schedule) => {
    const config = JSON.parse(JSON.stringify({ name: schedule.name, ...schedule.config }));
    const again = schedules.getSchedule(config);
    for (let step = 0; step < 50; step++) expect(again.call(step)).toBe(schedule.call(step));
  });

  it('cosineDecayRestarts starts each period at the top, whatever the logarithm rounds to', () => {
    for (const tMul of [1.5, 2, 3, 5, 10]) {
      const schedule = schedules.cosineDecayRestarts({
        initialLearningRate: 1,
        firstDecaySteps: 16,
        tMul,
      });
      let start = 0;
      for (let period = 0; period < 5; period++) {
        expect(Math.abs(schedule.call(start) - 1)).toBeLessThan(1e-12);
        start += 16 * tMul ** period;
      }
    }
  });

  it('refuse bad options', () => {
    const options = { initialLearningRate: 1, decaySteps: 0, decayRate: 1 };
    expect(() => schedules.exponentialDecay(options)).toThrow(
      'exponentialDecay: expected decaySteps to be a number above 0, got 0',
    );
    expect(() => schedules.inverseTimeDecay(options)).toThrow(/decaySteps to be a number above 0/);
    const { decayRate: _, ...steps } = options;
    expect(() => schedules.polynomialDecay(steps)).toThrow(/decaySteps to be a number above 0/);
    expect(() => schedules.cosineDecay(steps)).toThrow(/decaySteps to be a number above 0/);
    const restarts = { initialLearningRate: 1, firstDecaySteps: 0 };
    expect(() => schedules.cosineDecayRestarts(restarts)).toThrow(
      /firstDecaySteps to be a number above 0/,
    );
    expect(() =>
      schedules.cosineDecayRestarts({ ...restarts, firstDecaySteps: 1, tMul: 0.5 }),
    ).toThrow('cosineDecayRestarts: expected tMul to be a number from 1 on, got 0.5');
    expect(() => schedules.piecewiseConstantDecay({ boundaries: [1, 2], values: [1, 2] })).toThrow(
      /expected one value more than boundaries, got 2 values and 2 boundaries/,
    );
    expect(() => schedules.getSchedule({ name: 'linear' })).toThrow(/unknown schedule 'linear'/);
  });
});

import { schedules } from '../src/index.ts';
import type { Schedule } from '../src/index.ts';

/** Constant for the first 60 % of the steps, then half a cosine down to 0. */
export const fallingAtTheEnd = (learningRate: number, steps: number): Schedule =>
  schedules.cosineDecay({
    // From the rate to the same rate.
    ...{ initialLearningRate: learningRate, warmupTarget: learningRate },
    warmupSteps: Math.floor(0.6 * steps),
    decaySteps: Math.max(1, Math.ceil(0.4 * steps)),
  });

import type { Schedule } from '../src/index.ts';

/** The learning rate stays, and over the last `share` of all steps falls linearly to 0. */
export const fallingRate = (learningRate: number, steps: number, share = 0.4): Schedule => ({
  name: 'fallingRate',
  config: { learningRate, steps, share },
  call: (step) => learningRate * Math.min(1, Math.max(0, (steps - step) / (share * steps))),
});

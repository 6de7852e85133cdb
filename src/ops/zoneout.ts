/** Zoneout (Krueger et al. 2017), of a recurrent operation: elements of the states that stay what they were at the step before. */
import { check, SHARE } from '../options.ts';
import { foldSeed, keyOf } from '../random.ts';
import type { DropoutCounter } from './dropout.ts';

/** Which elements of the states keep their values, in training; outside of it the expectation of that. */
export interface Zoneout {
  /** Probability in [0, 1) that an element of the first state, the output, keeps its value of the step before. */
  readonly output: number;
  /** The same for the other states; those of a unit keep their values together. */
  readonly state: number;
  /** In training: what is drawn follows from it, other numbers for each step, row and unit, and where time runs backwards. null: states become the expectation. */
  readonly draws: DropoutCounter | null;
}

/** A probability of zoneout: at least 0 and less than 1. */
export const zoneoutRate = (who: string, value: unknown, what = 'zoneout'): number =>
  check(who, what, value, SHARE) as number;

/** What the kernels are told. */
export function zoneoutParams(zoneout: Zoneout | null) {
  const { output, state, draws } = zoneout ?? { output: 0, state: 0, draws: null };
  // Of another key for every step of the training, so that the counter is free for what differs within one.
  const [seedLow, seedHigh] = draws ? keyOf(foldSeed(draws.seed, draws.step)) : [0, 0];
  return {
    zoneout: zoneout ? (draws ? 2 : 1) : 0,
    // As float32, so that every device compares with the same number.
    outputZoneout: Math.fround(output),
    stateZoneout: Math.fround(state),
    seedLow,
    seedHigh,
  };
}

/**
 * Learning rate schedules, with the formulas of Keras 3. Given to an optimizer:
 * `optimizers.adam({ learningRate: schedules.cosineDecay({ … }) })`.
 *
 * @module
 */
import { createByName, hasCall } from '../create_by_name.ts';
import {
  FRACTION,
  LIST,
  NOT_NEGATIVE,
  NUMBER,
  POSITIVE,
  readOptions,
  REQUIRED,
} from '../options.ts';
import type { Checks } from '../options.ts';

/**
 * A learning rate that changes from step to step. Optimizers take one as `learningRate`; one of your own is such an
 * object.
 */
export interface Schedule {
  /** As in `getSchedule`. */
  readonly name: string;
  /** The options with defaults filled in: `getSchedule({ name, ...config })` creates the same schedule. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The learning rate of a step; the first step is 0. */
  call(step: number): number;
}

const listOf =
  (holds: (value: number, index: number, all: readonly number[]) => boolean) => (list: unknown) =>
    LIST[1](list) && (list as number[]).every(holds);

/** What options must be. */
const MUST_BE = {
  initialLearningRate: NOT_NEGATIVE,
  endLearningRate: NOT_NEGATIVE,
  decaySteps: POSITIVE,
  firstDecaySteps: POSITIVE,
  decayRate: NOT_NEGATIVE,
  power: NOT_NEGATIVE,
  alpha: FRACTION,
  warmupTarget: NOT_NEGATIVE,
  warmupSteps: NOT_NEGATIVE,
  tMul: ['a number from 1 on', (value: unknown) => NUMBER[1](value) && (value as number) >= 1],
  mMul: NOT_NEGATIVE,
  boundaries: [
    'a list of numbers in ascending order',
    listOf((n, i, all) => NUMBER[1](n) && !(n < all[i - 1])),
  ],
  values: ['a list of numbers from 0 on', listOf(NOT_NEGATIVE[1])],
} as const;

/** Creates a schedule. @param rateOf the learning rate of a step, by the options with their defaults */
function make<Options extends object>(
  name: string,
  given: Options,
  defaults: Required<Options>,
  rateOf: (options: Required<Options>, step: number) => number,
): Schedule {
  const config = readOptions(name, given, defaults, MUST_BE as Checks<Required<Options>>);
  return {
    name,
    config,
    call: (step) => rateOf(config, step),
  };
}

/** The options of `schedules.exponentialDecay` and `schedules.inverseTimeDecay`. */
export interface ExponentialDecayOptions {
  /** The rate of step 0. */
  initialLearningRate: number;
  /** Steps in which the rate falls by `decayRate`. */
  decaySteps: number;
  /** The factor, or of `inverseTimeDecay` how fast it falls. */
  decayRate: number;
  /** Whether the rate changes only every `decaySteps` steps; false by default: it changes at every step. */
  staircase?: boolean;
}
const DECAY: Required<ExponentialDecayOptions> = {
  initialLearningRate: REQUIRED,
  decaySteps: REQUIRED,
  decayRate: REQUIRED,
  staircase: false,
};

/** initial · rate^(step / decaySteps). */
export const exponentialDecay = (options: ExponentialDecayOptions): Schedule =>
  make('exponentialDecay', options, DECAY, (own, step) => {
    const p = step / own.decaySteps;
    return own.initialLearningRate * own.decayRate ** (own.staircase ? Math.floor(p) : p);
  });

/** initial / (1 + rate · step / decaySteps). */
export const inverseTimeDecay = (options: ExponentialDecayOptions): Schedule =>
  make('inverseTimeDecay', options, DECAY, (own, step) => {
    const p = step / own.decaySteps;
    return own.initialLearningRate / (1 + own.decayRate * (own.staircase ? Math.floor(p) : p));
  });

/** The options of `schedules.piecewiseConstantDecay`. */
export interface PiecewiseConstantDecayOptions {
  /** Steps in ascending order, each the last one with its value. */
  boundaries: readonly number[];
  /** The learning rates, one more than there are boundaries. */
  values: readonly number[];
}

/** values[i] up to and including step boundaries[i], then the last value. */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): Schedule {
  const name = 'piecewiseConstantDecay';
  const defaults = { boundaries: REQUIRED, values: REQUIRED };
  const schedule = make(
    name,
    options,
    defaults,
    // After the last boundary the index is -1, that of the last value.
    (own, step) => own.values.at(own.boundaries.findIndex((boundary) => step <= boundary))!,
  );
  const { boundaries, values } = options;
  if (values.length !== boundaries.length + 1)
    throw new Error(
      `${name}: expected one value more than boundaries, got ${values.length} values and ` +
        `${boundaries.length} boundaries`,
    );
  return schedule;
}

/** The options of `schedules.polynomialDecay`. */
export interface PolynomialDecayOptions {
  /** The rate of step 0. */
  initialLearningRate: number;
  /** Steps until `endLearningRate` is reached. */
  decaySteps: number;
  /** 0.0001 by default. */
  endLearningRate?: number;
  /** 1 by default, which is linear. */
  power?: number;
  /** Whether to restart, each time over more steps, instead of staying at `endLearningRate`; false by default. */
  cycle?: boolean;
}

/** (initial - end) · (1 - step / decaySteps)^power + end. */
export const polynomialDecay = (options: PolynomialDecayOptions): Schedule =>
  make(
    'polynomialDecay',
    options,
    {
      initialLearningRate: REQUIRED,
      decaySteps: REQUIRED,
      endLearningRate: 0.0001,
      power: 1,
      cycle: false,
    },
    ({ initialLearningRate, decaySteps, endLearningRate, power, cycle }, step) => {
      const length = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
      const p = Math.min(step, length) / length;
      return (initialLearningRate - endLearningRate) * (1 - p) ** power + endLearningRate;
    },
  );

/** The options of `schedules.cosineDecay`. */
export interface CosineDecayOptions {
  /** The rate of step 0: the highest one, or where the warm-up begins. */
  initialLearningRate: number;
  /** Steps of the decay, without those of the warm-up. */
  decaySteps: number;
  /** The final rate as a fraction of the highest one; 0 by default. */
  alpha?: number;
  /** The highest rate, which a linear warm-up reaches; without it there is no warm-up. */
  warmupTarget?: number | null;
  /** Steps of the warm-up; 0 by default. */
  warmupSteps?: number;
}

/** Half a cosine from the highest rate to alpha times that rate (Loshchilov and Hutter 2017), after a linear warm-up. */
export const cosineDecay = (options: CosineDecayOptions): Schedule =>
  make(
    'cosineDecay',
    options,
    {
      initialLearningRate: REQUIRED,
      decaySteps: REQUIRED,
      alpha: 0,
      warmupTarget: null,
      warmupSteps: 0,
    },
    ({ initialLearningRate, decaySteps, alpha, warmupTarget, warmupSteps }, step) => {
      const top = warmupTarget ?? initialLearningRate;
      const warmup = warmupTarget === null ? 0 : warmupSteps;
      if (step < warmup)
        return initialLearningRate + (top - initialLearningRate) * (step / warmupSteps);
      const p = Math.min(step - warmup, decaySteps) / decaySteps;
      return top * ((1 - alpha) * halfCosine(p) + alpha);
    },
  );

/** The options of `schedules.cosineDecayRestarts`. */
export interface CosineDecayRestartsOptions {
  /** The rate at the start of the first period. */
  initialLearningRate: number;
  /** Steps of the first period. */
  firstDecaySteps: number;
  /** The factor by which each period is longer than the one before; 2 by default. */
  tMul?: number;
  /** The factor by which the rate at the start of a period changes from period to period; 1 by default. */
  mMul?: number;
  /** The rate at the end of a period as a fraction of the initial one; 0 by default. */
  alpha?: number;
}

/** Cosine decay with restarts (SGDR, Loshchilov and Hutter 2017). */
export const cosineDecayRestarts = (options: CosineDecayRestartsOptions): Schedule =>
  make(
    'cosineDecayRestarts',
    options,
    { initialLearningRate: REQUIRED, firstDecaySteps: REQUIRED, tMul: 2, mMul: 1, alpha: 0 },
    ({ initialLearningRate, firstDecaySteps, tMul, mMul, alpha }, step) => {
      const { period, fraction } = restart(step / firstDecaySteps, tMul);
      const top = mMul ** period * halfCosine(fraction);
      return initialLearningRate * ((1 - alpha) * top + alpha);
    },
  );

/** The period in which `elapsed` lies, in units of the first period, and the fraction of it that has passed. */
function restart(elapsed: number, tMul: number): { period: number; fraction: number } {
  if (tMul === 1) return { period: Math.floor(elapsed), fraction: elapsed % 1 };
  const start = (n: number) => (1 - tMul ** n) / (1 - tMul);
  let period = Math.floor(Math.log(1 - elapsed * (1 - tMul)) / Math.log(tMul));
  // At the start of a period, the logarithm may be slightly below the whole number.
  if (start(period + 1) <= elapsed) period++;
  return { period, fraction: (elapsed - start(period)) / tMul ** period };
}

const halfCosine = (fraction: number): number => 0.5 * (1 + Math.cos(Math.PI * fraction));

const FACTORIES = {
  exponentialDecay,
  inverseTimeDecay,
  piecewiseConstantDecay,
  polynomialDecay,
  cosineDecay,
  cosineDecayRestarts,
};

/**
 * A schedule from its name and options; a schedule stays as it is.
 *
 * @throws Error where there is none of that name, or something else was given
 */
export function getSchedule(given: Schedule | { readonly name: string }): Schedule {
  if (typeof given === 'object' && hasCall(given)) return given as Schedule;
  return createByName(
    'schedule',
    FACTORIES,
    given,
    'a number, what a function of schedules makes, or ',
  );
}

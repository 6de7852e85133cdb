/** Learning rates that change with the step, by Keras 3's formulas. */
import { madeByName } from '../options.ts';

export interface Schedule {
  readonly name: string;
  /** The options, defaults filled in: `getSchedule({ name, ...config })` makes the schedule again. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The learning rate of a step; the first is 0. */
  call(step: number): number;
}

/** @param steps the option that is a number of steps, and must be positive */
function make<Options extends object>(
  name: string,
  steps: keyof Options & string,
  options: Options,
  call: Schedule['call'],
): Schedule {
  const value = Number(options[steps]);
  if (!(value > 0)) throw new Error(`${name}: ${steps} must be positive, got ${value}`);
  return { name, config: { ...options } as Schedule['config'], call };
}

export interface ExponentialDecayOptions {
  initialLearningRate: number;
  decaySteps: number;
  decayRate: number;
  /** Whether the rate falls at once every `decaySteps` steps; by default it falls at every step. */
  staircase?: boolean;
}

/** initial · rate^(step / decaySteps). */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const { initialLearningRate, decaySteps, decayRate, staircase = false } = options;
  return make('exponentialDecay', 'decaySteps', { ...options, staircase }, (step) => {
    const p = step / decaySteps;
    return initialLearningRate * decayRate ** (staircase ? Math.floor(p) : p);
  });
}

/** initial / (1 + rate · step / decaySteps). */
export function inverseTimeDecay(options: ExponentialDecayOptions): Schedule {
  const { initialLearningRate, decaySteps, decayRate, staircase = false } = options;
  return make('inverseTimeDecay', 'decaySteps', { ...options, staircase }, (step) => {
    const p = step / decaySteps;
    return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(p) : p));
  });
}

export interface PiecewiseConstantDecayOptions {
  /** Steps, rising; each is the last one of its value. */
  boundaries: readonly number[];
  /** One more than there are boundaries. */
  values: readonly number[];
}

/** values[i] up to and including step boundaries[i], and the last value after that. */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): Schedule {
  const { boundaries, values } = options;
  if (values.length !== boundaries.length + 1)
    throw new Error(
      `piecewiseConstantDecay: expected one value more than boundaries, got ${values.length} values and ` +
        `${boundaries.length} boundaries`,
    );
  const call = (step: number): number => {
    // -1 after the last boundary: the last value.
    return values.at(boundaries.findIndex((boundary) => step <= boundary))!;
  };
  return { name: 'piecewiseConstantDecay', config: { ...options }, call };
}

export interface PolynomialDecayOptions {
  initialLearningRate: number;
  decaySteps: number;
  /** Default 0.0001. */
  endLearningRate?: number;
  /** Default 1: a straight line. */
  power?: number;
  /** Whether to start again, over a longer stretch each time, instead of staying at the end. */
  cycle?: boolean;
}

/** (initial - end) · (1 - step / decaySteps)^power + end. */
export function polynomialDecay(options: PolynomialDecayOptions): Schedule {
  const { initialLearningRate, decaySteps, endLearningRate = 0.0001 } = options;
  const { power = 1, cycle = false } = options;
  return make(
    'polynomialDecay',
    'decaySteps',
    { ...options, endLearningRate, power, cycle },
    (step) => {
      const length = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
      const p = Math.min(step, length) / length;
      return (initialLearningRate - endLearningRate) * (1 - p) ** power + endLearningRate;
    },
  );
}

export interface CosineDecayOptions {
  initialLearningRate: number;
  /** Steps from the top to the end, without those of the warm-up. */
  decaySteps: number;
  /** The end, as a fraction of the top; default 0. */
  alpha?: number;
  /** The top, reached on a straight line from the initial rate; without it there is no warm-up. */
  warmupTarget?: number | null;
  warmupSteps?: number;
}

/** Half a cosine from the top to alpha times the top (Loshchilov and Hutter 2017), after a linear warm-up. */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const { initialLearningRate, decaySteps, alpha = 0 } = options;
  const { warmupTarget = null, warmupSteps = 0 } = options;
  const top = warmupTarget ?? initialLearningRate;
  const warmup = warmupTarget === null ? 0 : warmupSteps;
  const config = { ...options, alpha, warmupTarget, warmupSteps };
  return make('cosineDecay', 'decaySteps', config, (step) => {
    if (step < warmup)
      return initialLearningRate + (top - initialLearningRate) * (step / warmupSteps);
    const p = Math.min(step - warmup, decaySteps) / decaySteps;
    return top * ((1 - alpha) * halfCosine(p) + alpha);
  });
}

export interface CosineDecayRestartsOptions {
  initialLearningRate: number;
  /** Steps of the first period. */
  firstDecaySteps: number;
  /** How many times longer each period is than the one before; default 2. */
  tMul?: number;
  /** How many times higher each period starts than the one before; default 1. */
  mMul?: number;
  /** The end of a period, as a fraction of the initial rate; default 0. */
  alpha?: number;
}

/** Cosine decay that starts again (SGDR, Loshchilov and Hutter 2017). */
export function cosineDecayRestarts(options: CosineDecayRestartsOptions): Schedule {
  const { initialLearningRate, firstDecaySteps, tMul = 2, mMul = 1, alpha = 0 } = options;
  if (!(tMul >= 1)) throw new Error(`cosineDecayRestarts: tMul must be at least 1, got ${tMul}`);
  return make(
    'cosineDecayRestarts',
    'firstDecaySteps',
    { ...options, tMul, mMul, alpha },
    (step) => {
      const { period, fraction } = restart(step / firstDecaySteps, tMul);
      const top = mMul ** period * halfCosine(fraction);
      return initialLearningRate * ((1 - alpha) * top + alpha);
    },
  );
}

/** The period that `elapsed`, in lengths of the first one, falls into, and how much of it is over. */
function restart(elapsed: number, tMul: number): { period: number; fraction: number } {
  if (tMul === 1) return { period: Math.floor(elapsed), fraction: elapsed % 1 };
  const start = (n: number) => (1 - tMul ** n) / (1 - tMul);
  let period = Math.floor(Math.log(1 - elapsed * (1 - tMul)) / Math.log(tMul));
  // The logarithm may fall just short of a whole number where a period starts.
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

/** The schedule of a config: its name and its options. */
export function getSchedule(config: { readonly name: string }): Schedule {
  return madeByName('schedule', FACTORIES, config);
}

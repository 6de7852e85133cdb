/**
 * Initial values of weights, by the formulas of Keras 3, from a seeded random generator. Given to layers by name or as
 * such a function: `{ kernelInitializer: 'heNormal' }`.
 *
 * @module
 */
import { createByName, needCalled } from './create_by_name.ts';
import type { Spelled } from './create_by_name.ts';
import {
  CALLABLE,
  check,
  checkNames,
  NOT_NEGATIVE,
  oneOf,
  POSITIVE,
  readOptions,
  SHAPE,
  sizeFor,
} from './options.ts';
import { orthonormal } from './orthonormal.ts';
import type { Random } from './random.ts';
import { sizeOf } from './tensor.ts';

/**
 * How a weight begins: returns its values, row-major. Those of this file have a `config` that `getInitializer` accepts;
 * one of your own is such a function.
 */
export interface Initializer {
  (shape: readonly number[], random: Random): Float32Array;
  /** What a saved model holds of it. */
  readonly config?: InitializerConfig;
}
/** The name of an initializer with its options: `{ name: 'orthogonal', gain: 2 }`. */
export interface InitializerConfig {
  /** As in `getInitializer`. */
  readonly name: string;
  readonly [option: string]: unknown;
}

/** Of what has none: weights are drawn from the model's seed. @inline */
type NoOptions = Readonly<Record<string, never>>;

function nameOf(name: string, options: NoOptions): InitializerConfig {
  checkNames(name, options, []);
  return { name };
}

type Draw = (random: Random, index: number) => number;

function filled(shape: readonly number[], random: Random, draw: Draw): Float32Array {
  // A loop, which takes a third of the time of Float32Array.from.
  const values = new Float32Array(sizeFor('initializer', sizeOf(shape), 1));
  for (let index = 0; index < values.length; index++) values[index] = draw(random, index);
  return values;
}

/** Numbers that follow from uniform ones in [0, 1). */
function spread(
  shape: readonly number[],
  random: Random,
  from: (unit: number) => number,
): Float32Array {
  const values = new Float32Array(sizeFor('initializer', sizeOf(shape), 1));
  for (let at = 0; at < values.length;) {
    const words = random.take(values.length - at);
    for (let i = 0; i < words.length; i++) values[at++] = from(words[i] / 2 ** 32);
  }
  return values;
}

const withConfig = (config: InitializerConfig, make: Initializer): Initializer =>
  Object.assign(
    (shape: readonly number[], random: Random) =>
      make(check(config.name, 'shape', shape, SHAPE), random),
    { config },
  );

/** An initializer that draws every number independently. */
const drawn = (config: InitializerConfig, draw: Draw): Initializer =>
  withConfig(config, (shape, random) => filled(shape, random, draw));

// ---- constants ------------------------------------------------------------------------------------------------------

/**
 * `value` everywhere.
 *
 * @param options.value 0 by default
 */
export function constant(options: { value?: number } = {}): Initializer {
  const { value } = readOptions('constant', options, { value: 0 });
  return drawn({ name: 'constant', value }, () => value);
}

/** 0 everywhere. */
export const zeros = (options: NoOptions = {}): Initializer =>
  drawn(nameOf('zeros', options), () => 0);

/** 1 everywhere. */
export const ones = (options: NoOptions = {}): Initializer =>
  drawn(nameOf('ones', options), () => 1);

/**
 * `gain` on the diagonal of a matrix, 0 elsewhere.
 *
 * @param options.gain 1 by default
 * @throws Error where the weight is no matrix
 */
export function identity(options: { gain?: number } = {}): Initializer {
  const { gain } = readOptions('identity', options, { gain: 1 });
  return withConfig({ name: 'identity', gain }, (shape, random) => {
    if (shape.length !== 2)
      throw new Error(`identity: expected the shape of a matrix, got [${shape}]`);
    const columns = shape[1];
    return filled(shape, random, (_, i) => (Math.floor(i / columns) === i % columns ? gain : 0));
  });
}

// ---- distributions --------------------------------------------------------------------------------------------------

/** The bounds of `randomUniform`. */
export interface Range {
  /** -0.05 by default. */
  min?: number;
  /** 0.05 by default. */
  max?: number;
}
/** Mean and standard deviation of a normal distribution. */
export interface Normal {
  /** 0 by default. */
  mean?: number;
  /** Standard deviation; 0.05 by default. */
  stddev?: number;
}

/** Uniform in [min, max). */
export function randomUniform(options: Range = {}): Initializer {
  const { min, max } = readOptions('randomUniform', options, { min: -0.05, max: 0.05 });
  if (min > max)
    throw new Error(`randomUniform: expected min to be at most max, got ${min} and ${max}`);
  return withConfig({ name: 'randomUniform', min, max }, (shape, random) =>
    spread(shape, random, (unit) => min + (max - min) * unit),
  );
}

/** Normally distributed. */
export function randomNormal(options: Normal = {}): Initializer {
  const { mean, stddev } = normalOptions('randomNormal', options);
  return drawn(
    { name: 'randomNormal', mean, stddev },
    (random) => mean + stddev * random.standard(),
  );
}

/** Like `randomNormal`, but numbers more than two standard deviations from the mean are drawn again. */
export function truncatedNormal(options: Normal = {}): Initializer {
  const { mean, stddev } = normalOptions('truncatedNormal', options);
  const draw: Draw = (random) => mean + stddev * truncated(random);
  return drawn({ name: 'truncatedNormal', mean, stddev }, draw);
}

const normalOptions = (name: string, options: Normal): Required<Normal> =>
  readOptions(name, options, { mean: 0, stddev: 0.05 }, { stddev: NOT_NEGATIVE });

function truncated(random: Random): number {
  let value = random.standard();
  while (Math.abs(value) > 2) value = random.standard();
  return value;
}

// ---- scaled by the number of inputs and outputs -----------------------------------------------------------------------

/** The variance of `varianceScaling`, and its distribution. */
export interface VarianceScaling {
  /** 1 by default. */
  scale?: number;
  /** What the variance is divided by: the number of inputs (default), of outputs, or the mean of both. */
  mode?: 'fanIn' | 'fanOut' | 'fanAvg';
  /** `truncatedNormal` by default. */
  distribution?: 'truncatedNormal' | 'untruncatedNormal' | 'uniform';
}

/** The standard deviation of a standard normal distribution that is cut off at -2 and 2. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/** Random numbers with mean 0 and variance 1. */
const STANDARD = {
  truncatedNormal: (random: Random) => truncated(random) / TRUNCATED_DEVIATION,
  untruncatedNormal: (random: Random) => random.standard(),
  uniform: null,
};

/** Random numbers with mean 0 and variance scale / fan (Glorot and Bengio 2010, He et al. 2015, LeCun et al. 1998). */
export function varianceScaling(options: VarianceScaling = {}): Initializer {
  const { scale, mode, distribution } = readOptions<Required<VarianceScaling>>(
    'varianceScaling',
    options,
    { scale: 1, mode: 'fanIn', distribution: 'truncatedNormal' },
    {
      scale: POSITIVE,
      mode: oneOf(['fanIn', 'fanOut', 'fanAvg']),
      distribution: oneOf(Object.keys(STANDARD)),
    },
  );
  const config = { name: 'varianceScaling', scale, mode, distribution };
  return withConfig(config, (shape, random) => {
    const [fanIn, fanOut] = fans(shape);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const deviation = Math.sqrt(scale / Math.max(1, fan));
    const standard = STANDARD[distribution];
    return standard
      ? filled(shape, random, () => deviation * standard(random))
      : spread(shape, random, (unit) => deviation * (Math.sqrt(3) * (2 * unit - 1)));
  });
}

/** Fan-in and fan-out of a weight [..., inputs, outputs]: both are multiplied by the axes before them. */
function fans(shape: readonly number[]): [number, number] {
  if (shape.length === 0) return [1, 1];
  if (shape.length === 1) return [shape[0], shape[0]];
  const field = sizeOf(shape.slice(0, -2));
  return [shape.at(-2)! * field, shape.at(-1)! * field];
}

const scaled = (
  name: string,
  scale: number,
  mode: VarianceScaling['mode'],
  distribution?: VarianceScaling['distribution'],
) => {
  const initializer = varianceScaling({ scale, mode, distribution });
  return (options: NoOptions = {}): Initializer => withConfig(nameOf(name, options), initializer);
};

/** Uniform in ±√(6 / (inputs + outputs)). */
export const glorotUniform = scaled('glorotUniform', 1, 'fanAvg', 'uniform');
/** Truncated normal of variance 2 / (inputs + outputs). */
export const glorotNormal = scaled('glorotNormal', 1, 'fanAvg');
/** Uniform in ±√(6 / inputs). */
export const heUniform = scaled('heUniform', 2, 'fanIn', 'uniform');
/** Truncated normal of variance 2 / inputs. */
export const heNormal = scaled('heNormal', 2, 'fanIn');
/** Uniform in ±√(3 / inputs). */
export const lecunUniform = scaled('lecunUniform', 1, 'fanIn', 'uniform');
/** Truncated normal of variance 1 / inputs. */
export const lecunNormal = scaled('lecunNormal', 1, 'fanIn');

// ---- orthogonal -------------------------------------------------------------------------------------------------------

/**
 * `gain` times a matrix [product of the leading axes, last axis] whose rows or columns, whichever are fewer, are
 * orthonormal (Saxe et al. 2014): Q of the QR decomposition of a normally distributed matrix, with positive diagonal in
 * R.
 *
 * @param options.gain 1 by default
 * @throws Error where the weight has fewer than two axes
 */
export function orthogonal(options: { gain?: number } = {}): Initializer {
  const { gain } = readOptions('orthogonal', options, { gain: 1 });
  return withConfig({ name: 'orthogonal', gain }, (shape, random) => {
    if (shape.length < 2)
      throw new Error(`orthogonal: expected a shape of at least two axes, got [${shape}]`);
    const columns = shape.at(-1)!;
    const rows = sizeOf(shape.slice(0, -1));
    const length = Math.max(rows, columns);
    const vectors = orthonormal(Math.min(rows, columns), length, random);
    const values = new Float32Array(rows * columns);
    // A vector is a row or a column.
    const [along, apart] = rows < columns ? [1, columns] : [columns, 1];
    vectors.forEach((vector, n) => {
      for (let i = 0, at = n * apart; i < length; i++, at += along) values[at] = gain * vector[i];
    });
    return values;
  });
}

// ---- by name ----------------------------------------------------------------------------------------------------------

const FACTORIES = {
  zeros,
  ones,
  constant,
  identity,
  randomUniform,
  randomNormal,
  truncatedNormal,
  varianceScaling,
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  orthogonal,
};
/** In camelCase or, as in Keras, in snake_case, and the short names of Keras. */
export type InitializerName = Spelled<keyof typeof FACTORIES>;

/**
 * Looks up an initializer by its name or by a config like `{ name: 'orthogonal', gain: 2 }`; an initializer is returned as it
 * is.
 *
 * @throws Error if there is none of that name
 */
export function getInitializer(
  identifier: InitializerName | InitializerConfig | Initializer,
): Initializer {
  needCalled('initializer', FACTORIES, identifier);
  if (CALLABLE[1](identifier)) return identifier as Initializer;
  return createByName('initializer', FACTORIES, identifier, 'a function or ');
}

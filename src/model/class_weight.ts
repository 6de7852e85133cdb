/** Weights of samples by their class. */
import { check, checkNames, NOT_NEGATIVE } from '../options.ts';
import type { Check } from '../options.ts';
import { sizeOf } from '../tensor.ts';
import type { HostArray } from './arrays.ts';
import type { CompiledOutput } from './compile.ts';

/** By class number. @inline */
type Factors = Readonly<Record<number, number>>;

/** Factors of samples by class number; by the output's name where there are several outputs. */
export type ClassWeight = Factors | Readonly<Record<string, Factors>>;

const FACTORS: Check = [
  'an object of factors, { 0: 1, 1: 5 }',
  (value) => typeof value === 'object' && value !== null && !(Symbol.iterator in value),
];
const CLASS: Check = ['a whole number', (label) => /^-?\d+$/.test(label as string)];

/**
 * The weights of an output's samples, each multiplied by the factor of its class.
 *
 * @param classWeight classes that are left out have a factor of 1
 * @param outputs the names of the model's outputs
 */
export function applyClassWeight(
  classWeight: ClassWeight | null | undefined,
  y: HostArray,
  output: CompiledOutput,
  outputs: readonly string[],
  sampleWeight: HostArray | null,
): HostArray | null {
  const factors =
    (classWeight ?? null) === null ? undefined : factorsFor(classWeight!, output.name, outputs);
  if (!factors) return sampleWeight;
  const classes = output.shape.at(-1) ?? 1;
  // One-hot targets give their class by position, all others by value.
  const oneHot =
    classes > 1 && y.shape.length === output.shape.length && y.shape.at(-1) === classes;
  const rest = y.shape.slice(1);
  const hasClassAxis = oneHot || (rest.length > 0 && rest.at(-1) === 1);
  const shape = [y.shape[0], ...(hasClassAxis ? rest.slice(0, -1) : rest)];
  const weights = new Float32Array(sizeOf(shape));
  for (let i = 0; i < weights.length; i++) {
    const label = oneHot ? largest(y.data, i * classes, classes) : y.data[i];
    weights[i] = factors[label] ?? 1;
  }
  if (sampleWeight === null) return { data: weights, shape };
  const each = sampleWeight.data.length === weights.length ? 1 : sizeOf(shape.slice(1));
  const product = weights.map((weight, i) => weight * sampleWeight.data[Math.floor(i / each)]);
  return { data: product, shape };
}

function factorsFor(
  classWeight: ClassWeight,
  name: string,
  outputs: readonly string[],
): Factors | undefined {
  check('fit', 'classWeight', classWeight, FACTORS);
  const nested = Object.values(classWeight).some((value) => FACTORS[1](value));
  if (nested) checkNames('classWeight', classWeight, outputs);
  else if (outputs.length > 1)
    throw new Error(
      `classWeight: expected factors by output for ${outputs.length} outputs, got one list; write { ${name}: { 0: 1, 1: 2 } }`,
    );
  const factors = nested ? (classWeight as Record<string, Factors>)[name] : classWeight;
  for (const [label, factor] of Object.entries((factors ?? {}) as Factors)) {
    check('classWeight', 'a class', label, CLASS);
    check('classWeight', `the factor of class ${label}`, factor, NOT_NEGATIVE);
  }
  return factors as Factors | undefined;
}

/** Where the largest of `count` values from `begin` on is. */
function largest(values: ArrayLike<number>, begin: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[begin + k] > values[begin + best]) best = k;
  return best;
}

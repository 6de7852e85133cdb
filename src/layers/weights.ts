/** The forms in which values of weights and states may come, and the check that they fit a weight. */
import type { NumericArray } from '../backend.ts';
import type { Check } from '../options.ts';
import { flatten, sameShape, shapeOf, Tensor } from '../tensor.ts';
import type { Nested, Shape, Variable } from '../tensor.ts';

/** Numbers with their shape. */
export interface WeightValues {
  /** Extents of the axes. */
  readonly shape: Shape;
  /** Row-major. */
  readonly data: ArrayLike<number>;
}

/** States in their order, [batch, ...] each: tensors, nested lists, flat typed arrays or `{ data, shape }`; or an object of them by name. */
export type StateValues =
  readonly StateValue[] | { readonly [name: string]: StateValue | StateValues };
/** What they must be where they are given by name. */
export const STATES_BY_NAME: Check = [
  'states by name',
  (value) => typeof value === 'object' && value !== null,
];
/** One state: numbers with their shape, nested lists, a flat typed array, or a tensor. */
export type StateValue = WeightValues | Nested | NumericArray | Tensor;

/**
 * What `weight.assign` takes, once it is known to fit. Flat numbers do not say in which order they are, and other frameworks keep kernels the
 * other way round: for more than one axis they need a shape.
 */
export function valuesFor(
  weight: Variable,
  given: WeightValues | Nested | NumericArray | Tensor,
): Tensor | ArrayLike<number> {
  if (given instanceof Tensor) {
    weight.checkLike(given);
    return requireShape(weight, given.shape, given);
  }
  const shaped = typeof given === 'object' && given !== null && 'data' in given ? given : null;
  const data = (shaped?.data ?? given) as Nested | NumericArray;
  const found = shapeOf(data, weight.name);
  const oneAxis = weight.shape.filter((extent) => extent !== 1).length < 2;
  const fits = oneAxis && ArrayBuffer.isView(data) && data.length === weight.size;
  return requireShape(weight, shaped?.shape ?? (fits ? weight.shape : found), flatten(data));
}

function requireShape<T extends Tensor | ArrayLike<number>>(
  weight: Variable,
  shape: Shape,
  values: T,
): T {
  const count = values instanceof Tensor ? values.size : values.length;
  if (sameShape(shape, weight.shape) && count === weight.size) return values;
  const advice =
    count === weight.size
      ? `give { data, shape: [${weight.shape}] } if they are in that order, row by row`
      : 'pass weights of such a layer';
  throw new Error(
    `${weight.name}: expected shape [${weight.shape}], got [${shape}] with ${count} values; ${advice}`,
  );
}

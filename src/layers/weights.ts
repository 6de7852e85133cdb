/** The forms in which values of weights and states may come, and the check that they fit a weight. */
import type { NumericArray } from '../backend.ts';
import { flatten, sameShape, shapeOf, Tensor } from '../tensor.ts';
import type { Nested, Shape, Variable } from '../tensor.ts';

export interface WeightValues {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/** States in their order, [batch, ...] each: tensors, nested lists, flat typed arrays or `{ data, shape }`; or an object of them by name. */
export type StateValues =
  readonly StateValue[] | { readonly [name: string]: StateValue | StateValues };
export type StateValue = WeightValues | Nested | NumericArray | Tensor;

/** What `weight.assign` takes, once it is known to fit. */
export function valuesFor(
  weight: Variable,
  given: WeightValues | Nested | NumericArray | Tensor,
): Tensor | ArrayLike<number> {
  if (given instanceof Tensor) return requireShape(weight, given.shape, given);
  if (ArrayBuffer.isView(given)) {
    if (given.length !== weight.size)
      throw new Error(
        `${weight.name}: expected ${weight.size} values for shape [${weight.shape}], got ${given.length}; pass weights of such a layer`,
      );
    return given;
  }
  if (typeof given === 'object' && 'data' in given)
    return requireShape(weight, given.shape, given.data);
  return requireShape(weight, shapeOf(given), flatten(given));
}

function requireShape<T extends Tensor | ArrayLike<number>>(
  weight: Variable,
  shape: Shape,
  values: T,
): T {
  const count = values instanceof Tensor ? values.size : values.length;
  if (!sameShape(shape, weight.shape) || count !== weight.size)
    throw new Error(
      `${weight.name}: expected shape [${weight.shape}], got [${shape}] with ${count} values; pass weights of such a layer`,
    );
  return values;
}

/** The forms in which values of a weight may come, and the check that they fit. */
import type { NumericArray } from '../backend.ts';
import { sizeOf, Tensor } from '../tensor.ts';
import type { Nested, Shape, Variable } from '../tensor.ts';

export interface WeightValues {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/** What `weight.assign` takes, once it is known to fit. */
export function valuesFor(
  weight: Variable,
  given: WeightValues | Nested | NumericArray | Tensor,
): Tensor | ArrayLike<number> {
  if (given instanceof Tensor) return requireShape(weight, given.shape, given);
  if (ArrayBuffer.isView(given)) {
    if (given.length !== weight.size)
      throw new Error(
        `${weight.name}: expected ${weight.size} values for shape [${weight.shape.join(',')}], got ${given.length}; pass weights of such a layer`,
      );
    return given;
  }
  if (typeof given === 'object' && 'data' in given)
    return requireShape(weight, given.shape, given.data);
  const flat: number[] = [];
  return requireShape(weight, flatten(given, flat), flat);
}

function requireShape<T extends Tensor | ArrayLike<number>>(
  weight: Variable,
  shape: Shape,
  values: T,
): T {
  const same =
    shape.length === weight.rank && shape.every((extent, i) => extent === weight.shape[i]);
  const count = values instanceof Tensor ? values.size : values.length;
  if (!same || count !== sizeOf(weight.shape))
    throw new Error(
      `${weight.name}: expected shape [${weight.shape.join(',')}], got [${shape.join(',')}] with ${count} values; pass weights of such a layer`,
    );
  return values;
}

/** Appends the numbers of nested lists to `flat`; gives the shape, from the first row of each level. */
function flatten(given: Nested, flat: number[]): number[] {
  if (typeof given === 'number') {
    flat.push(given);
    return [];
  }
  const shapes = given.map((item) => flatten(item, flat));
  return [given.length, ...(shapes[0] ?? [])];
}

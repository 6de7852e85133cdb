/** Comparisons (int32: 1 where they hold, else 0), choices by them, and conversions between the two types. */
import { computed, noGrad } from '../autograd.ts';
import type { DType } from '../backend.ts';
import { check, oneOf } from '../options.ts';
import { allocate, fill, Tensor } from '../tensor.ts';
import type { TensorLike } from '../tensor.ts';
import { binary } from './elementwise.ts';
import { deviceOf, layOut, operandsOf, storageOf, tensorOf } from './operands.ts';
import type { Operand } from './operands.ts';
import { sumTo } from './reduce_axes.ts';

/** int32: 1 where a = b, else 0. Operands are those of `add`; their shapes broadcast. No gradient. */
export const equal = (a: TensorLike, b: TensorLike): Tensor => binary('equal', a, b);
/** int32: 1 where a ≠ b, else 0; as for `equal`. */
export const notEqual = (a: TensorLike, b: TensorLike): Tensor => binary('notEqual', a, b);
/** int32: 1 where a > b, else 0; as for `equal`. */
export const greater = (a: TensorLike, b: TensorLike): Tensor => binary('greater', a, b);
/** int32: 1 where a ≥ b, else 0; as for `equal`. */
export const greaterEqual = (a: TensorLike, b: TensorLike): Tensor => binary('greaterEqual', a, b);
/** int32: 1 where a < b, else 0; as for `equal`. */
export const less = (a: TensorLike, b: TensorLike): Tensor => binary('less', a, b);
/** int32: 1 where a ≤ b, else 0; as for `equal`. */
export const lessEqual = (a: TensorLike, b: TensorLike): Tensor => binary('lessEqual', a, b);

/** a where the int32 `condition` is not 0, else b; all three broadcast by NumPy's rule. */
export function where(condition: TensorLike, a: TensorLike, b: TensorLike): Tensor {
  const at = deviceOf([condition, a, b]);
  condition = tensorOf('where', condition, at, 'int32');
  if (condition.dtype !== 'int32')
    throw new Error(
      `where: expected an int32 condition, got ${condition}; compare first, as in greater(x, 0)`,
    );
  if (typeof a === 'number' && typeof b === 'number') a = fill(condition.device, [], a);
  const [left, right] = operandsOf('where', [a, b], at);
  return choice(condition, left, right);
}

function choice(condition: Tensor, a: Operand, b: Operand): Tensor {
  const { device, shape, params, constants } = layOut('where', [a, b], { condition });
  const out = allocate(device, shape, constants.INT ? 'int32' : 'float32');
  device.run(
    'select',
    { condition: condition.storage, a: storageOf(a), b: storageOf(b), out: out.storage },
    params,
    { constants },
  );
  const inputs = [a, b].filter((operand) => operand instanceof Tensor);
  return computed(out, inputs, (gradient) =>
    [a, b].flatMap((operand, k) => {
      if (!(operand instanceof Tensor)) return [];
      if (!operand.tracked) return [null];
      const chosen = k === 0 ? choice(condition, gradient, 0) : choice(condition, 0, gradient);
      return [sumTo(chosen, operand.shape)];
    }),
  );
}

const TYPE = oneOf(['float32', 'int32']);

/** The same numbers as `dtype`; to int32 the fraction is dropped, and no gradient flows through. */
export function cast(x: TensorLike, dtype: Exclude<DType, 'float16' | 'int8'>): Tensor {
  check('cast', 'dtype', dtype, TYPE);
  x = tensorOf('cast', x);
  if (x.dtype === dtype) return x;
  return noGrad(() => {
    const y = allocate(x.device, x.shape, dtype);
    const variant = { constants: { TO_INT: Number(dtype === 'int32') } };
    x.device.run('cast', { x: x.storage, y: y.storage }, { size: x.size }, variant);
    return y;
  });
}

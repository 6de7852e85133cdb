// Operands that are broadcast to the result, which is computed row by row along its innermost axis: there an operand has the stride 1 or 0.
import { loadUpTo } from './rest';

/** Where a row begins in an operand: its place on the outer axes times the operand's strides. */
// @ts-ignore: decorator
@inline
export function rowIn(
  operand: usize, row: usize, extent1: usize, extent2: usize, extent3: usize, extent4: usize,
  stride1: usize, stride2: usize, stride3: usize, stride4: usize, stride5: usize,
): usize {
  // Most often there is one outer axis, and nothing to divide.
  if (row < extent1) return operand + 4 * row * stride1;
  let at = (row % extent1) * stride1;
  row /= extent1;
  at += (row % extent2) * stride2;
  row /= extent2;
  at += (row % extent3) * stride3;
  row /= extent3;
  at += (row % extent4) * stride4;
  row /= extent4;
  return operand + 4 * (at + row * stride5);
}

/** Four numbers of a row from element i on, or those that are left; all the same one where the stride is 0. */
// @ts-ignore: decorator
@inline
export function four(row: usize, stride: usize, i: usize, left: usize): v128 {
  return stride == 0 ? v128.load32_splat(row) : loadUpTo(row + 4 * i, left);
}

/** The operand that is a number. */
// @ts-ignore: decorator
@inline
export function numberOf(scalar: f64, INT: i32): v128 {
  return INT == 1 ? i32x4.splat(<i32>scalar) : f32x4.splat(<f32>scalar);
}

// What the two kernels of the scan share. Rows are of floats: a complex number is two of them.
import { add, mul, splat } from './lanes';
import { loadUpTo } from './rest';

export const GATED: i32 = 1;
export const COMPLEX: i32 = 2;

/** Four factors of a row, or one for all columns. */
// @ts-ignore: decorator
@inline
export function factorsOf(row: usize, c: usize, aColumn: usize, left: usize): v128 {
  return aColumn == 0 ? v128.load32_splat(row) : loadUpTo(row + 4 * c, left);
}

/** The products of two complex numbers each. */
export function timesComplex(x: v128, y: v128): v128 {
  const real = mul(i32x4.shuffle(x, x, 0, 0, 2, 2), y);
  const turned = mul(i32x4.shuffle(x, x, 1, 1, 3, 3), i32x4.shuffle(y, y, 1, 0, 3, 2));
  return add(real, mul(turned, f32x4(-1, 1, -1, 1)));
}

// @ts-ignore: decorator
@inline
export function times(x: v128, y: v128, form: i32): v128 {
  return form == COMPLEX ? timesComplex(x, y) : mul(x, y);
}

// @ts-ignore: decorator
@inline
export function conjugate(x: v128, form: i32): v128 {
  return form == COMPLEX ? mul(x, f32x4(1, -1, 1, -1)) : x;
}

// What the cross-entropies share: clipped probabilities, and targets of classes.
import { add, mul, one, splat } from './lanes';
import { log } from './math';
import { loadUpTo } from './rest';

// @ts-ignore: decorator
@inline
const EPSILON: f32 = 1e-7;

/** Whether a probability lies outside of what the logarithm is taken of. */
// @ts-ignore: decorator
@inline
export function isClipped(p: v128): v128 {
  return v128.or(f32x4.lt(p, splat(EPSILON)), f32x4.gt(p, splat(1 - EPSILON)));
}
// @ts-ignore: decorator
@inline
export function logClipped(p: v128): v128 {
  return log(f32x4.min(f32x4.max(p, splat(EPSILON)), splat(1 - EPSILON)));
}

/** A target, moved towards `even`. */
// @ts-ignore: decorator
@inline
export function smoothed(q: v128, smoothing: f32, even: f32): v128 {
  return add(mul(q, splat(1 - smoothing)), splat(smoothing * even));
}

/** The targets of four classes from c on, or of those that are left: one-hot where there is a label, else given; then smoothed. */
// @ts-ignore: decorator
@inline
export function targetsOf(c: usize, classes: usize, sparse: i32, label: i32, targets: usize, smoothing: f32): v128 {
  const which = i32x4.eq(i32x4.add(i32x4.splat(<i32>c), i32x4(0, 1, 2, 3)), i32x4.splat(label));
  const q = sparse == 1 ? one(which) : loadUpTo(targets + 4 * c, classes - c);
  return smoothed(q, smoothing, <f32>1 / <f32>classes);
}

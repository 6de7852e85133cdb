// Four float32 numbers at a time. What the operations of WebAssembly are called in short.

/** Bytes of a number. */
// @ts-ignore: decorator
@inline
export const F: usize = 4;

// @ts-ignore: decorator
@inline
export function load(at: usize): v128 {
  return v128.load(at);
}
// @ts-ignore: decorator
@inline
export function splat(x: f32): v128 {
  return f32x4.splat(x);
}
// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}
// @ts-ignore: decorator
@inline
export function sub(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}
// @ts-ignore: decorator
@inline
export function mul(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}
// @ts-ignore: decorator
@inline
export function div(a: v128, b: v128): v128 {
  return f32x4.div(a, b);
}

/** a·b + c, rounded once where the engine has relaxed SIMD and the processor a fused multiply-add. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Where `condition` is set the number of `yes`, else that of `no`. */
// @ts-ignore: decorator
@inline
export function select(condition: v128, yes: v128, no: v128): v128 {
  return v128.bitselect(yes, no, condition);
}
/** 1 where `condition` is set, else 0. */
// @ts-ignore: decorator
@inline
export function one(condition: v128): v128 {
  return v128.and(condition, splat(1));
}
/** The whole number 1 where `condition` is set, else 0. */
// @ts-ignore: decorator
@inline
export function bit(condition: v128): v128 {
  return v128.and(condition, i32x4.splat(1));
}

/** The sum of the four. */
export function sumOf(four: v128): f32 {
  const two = add(four, i32x4.shuffle(four, four, 2, 3, 0, 1));
  return f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1);
}
/** The largest of the four, or NaN where one is. */
export function largestOf(four: v128): f32 {
  const two = f32x4.max(four, i32x4.shuffle(four, four, 2, 3, 0, 1));
  return max(f32x4.extract_lane(two, 0), f32x4.extract_lane(two, 1));
}

// WGSL's tanh is accurate to 1e-5 only, and NaN where e^x overflows: so it is built from e^x of clamped arguments. NaN may be lost in
// clamping: who calls passes it on.

// Four at a time: a vector compiles to a quarter of the code, and to the same arithmetic.
fn tanh4(x: vec4f) -> vec4f {
  let e = exp(-2.0 * min(abs(x), vec4f(16.0)));
  let far = sign(x) * ((1.0 - e) / (1.0 + e));
  // 1 - e cancels near 0: there the series, x - x^3/3 + 2x^5/15 - 17x^7/315 + 62x^9/2835.
  let s = x * x;
  let near = x + x * s * (-0.33333333 + s * (0.13333333 + s * (-0.053968254 + s * 0.021869488)));
  return select(far, near, abs(x) < vec4f(0.3));
}

// The activations that gated cells and the matrix product's epilogue take, by code, and their derivatives.
//   tanh, sigmoid = 1 / (1 + e^-x), relu = max(x, 0), hardSigmoid = min(max(x + 3, 0), 6) / 6
// WGSL's tanh is accurate to 1e-5 only and NaN where e^x overflows, so both are built from e^x of clamped arguments. A NaN
// passes through: clamping must not hide a computation that went wrong.

const ACT_LINEAR = 0u;
const ACT_TANH = 1u;
const ACT_SIGMOID = 2u;
const ACT_RELU = 3u;
const ACT_HARD_SIGMOID = 4u;

// x != x may be compiled away: WGSL lets a compiler assume that there is no NaN.
fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

// e^x that neither overflows nor becomes subnormal.
fn safe_exp(x: f32) -> f32 {
  return exp(clamp(x, -87.0, 88.0));
}

fn tanh_of(x: f32) -> f32 {
  let e = exp(-2.0 * min(abs(x), 16.0));
  let far = sign(x) * ((1.0 - e) / (1.0 + e));
  // 1 - e cancels near 0: there the series, x - x^3/3 + 2x^5/15 - 17x^7/315 + 62x^9/2835.
  let s = x * x;
  let near = x + x * s * (-0.33333333 + s * (0.13333333 + s * (-0.053968254 + s * 0.021869488)));
  return select(far, near, abs(x) < 0.3);
}

fn sigmoid_of(x: f32) -> f32 {
  return 1.0 / (1.0 + exp(clamp(-x, -87.0, 87.0)));
}

fn hard_sigmoid_of(x: f32) -> f32 {
  return clamp(x + 3.0, 0.0, 6.0) / 6.0;
}

fn activate(kind: u32, x: f32) -> f32 {
  var y = x;
  switch kind {
    case ACT_TANH: { y = tanh_of(x); }
    case ACT_SIGMOID: { y = sigmoid_of(x); }
    case ACT_RELU: { y = max(x, 0.0); }
    case ACT_HARD_SIGMOID: { y = hard_sigmoid_of(x); }
    default: {}
  }
  return select(y, x, is_nan(x));
}

// The derivative at x, from the activated value y = activate(kind, x).
fn activate_gradient(kind: u32, y: f32) -> f32 {
  switch kind {
    case ACT_TANH: { return 1.0 - y * y; }
    case ACT_SIGMOID: { return y * (1.0 - y); }
    case ACT_RELU: { return select(0.0, 1.0, y > 0.0); }
    case ACT_HARD_SIGMOID: { return select(0.0, 1.0 / 6.0, y > 0.0 && y < 1.0); }
    default: { return 1.0; }
  }
}

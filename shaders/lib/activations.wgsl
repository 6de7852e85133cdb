// The activations that gated cells and the matrix product's epilogue take, by code, and their derivatives.
//   tanh, sigmoid = 1 / (1 + e^-x), relu = max(x, 0), hardSigmoid = min(max(x + 3, 0), 6) / 6
// A NaN passes through: clamping must not hide a computation that went wrong.
#import lib/hard_sigmoid
#import lib/nan
#import lib/sigmoid
#import lib/tanh

const ACT_LINEAR = 0u;
const ACT_TANH = 1u;
const ACT_SIGMOID = 2u;
const ACT_RELU = 3u;
const ACT_HARD_SIGMOID = 4u;

// e^x that neither overflows nor becomes subnormal.
fn safe_exp(x: f32) -> f32 {
  return exp(clamp(x, -87.0, 88.0));
}

fn activate4(kind: u32, x: vec4f) -> vec4f {
  var y = x;
  switch kind {
    case ACT_TANH: { y = tanh4(x); }
    case ACT_SIGMOID: { y = sigmoid4(x); }
    case ACT_RELU: { y = max(x, vec4(0.0)); }
    case ACT_HARD_SIGMOID: { y = hard_sigmoid4(x); }
    default: {}
  }
  return keep_nan4(x, y);
}

// The derivative at x, from the activated value y = activate(kind, x).
fn activate_gradient4(kind: u32, y: vec4f) -> vec4f {
  switch kind {
    case ACT_TANH: { return 1.0 - y * y; }
    case ACT_SIGMOID: { return y * (1.0 - y); }
    case ACT_RELU: { return select(vec4(0.0), vec4(1.0), y > vec4(0.0)); }
    case ACT_HARD_SIGMOID: { return select(vec4(0.0), vec4(1.0 / 6.0), (y > vec4(0.0)) & (y < vec4(1.0))); }
    default: { return vec4(1.0); }
  }
}

fn tanh_of(x: f32) -> f32 { return tanh4(vec4(x)).x; }
fn sigmoid_of(x: f32) -> f32 { return sigmoid4(vec4(x)).x; }
fn hard_sigmoid_of(x: f32) -> f32 { return hard_sigmoid4(vec4(x)).x; }
fn activate(kind: u32, x: f32) -> f32 { return activate4(kind, vec4(x)).x; }
fn activate_gradient(kind: u32, y: f32) -> f32 { return activate_gradient4(kind, vec4(y)).x; }

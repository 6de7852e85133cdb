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

fn activate4(kind: u32, x: vec4f) -> vec4f {
  var y = x;
  switch kind {
    case ACT_TANH: { y = tanh4(x); }
    case ACT_SIGMOID: { y = sigmoid4(x); }
    case ACT_RELU: { y = max(x, vec4f(0.0)); }
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
    case ACT_RELU: { return select(vec4f(0.0), vec4f(1.0), y > vec4f(0.0)); }
    case ACT_HARD_SIGMOID: { return select(vec4f(0.0), vec4f(1.0 / 6.0), (y > vec4f(0.0)) & (y < vec4f(1.0))); }
    default: { return vec4f(1.0); }
  }
}

// dx = f'(x) dy, element by element, for the functions of unary.wgsl. Where the derivative follows from the value, the
// binding x holds y = f(x): src/op-codes.ts says for which.
#import lib/functions
#import lib/unary_codes

const OP: u32 = 0u;

struct Params {
  size: u32,
  alpha: f32,
  beta: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>; // [size], or y
@group(0) @binding(2) var<storage, read> dy: array<vec4<f32>>; // [size]
@group(0) @binding(3) var<storage, read_write> dx: array<vec4<f32>>; // [size]

fn one_if(condition: bool) -> f32 {
  return select(0.0, 1.0, condition);
}

fn gelu_tanh_derivative(x: f32) -> f32 {
  let t = tanh_of(0.7978845608 * (x + 0.044715 * x * x * x));
  // Where t is 1 its square's complement is 0, but x^3 may be infinite.
  let slope = 0.7978845608 * (1.0 + 0.134145 * min(x * x, 1e6));
  return 0.5 * (1.0 + t) + 0.5 * clamp(x, -1e3, 1e3) * (1.0 - t * t) * slope;
}

fn mish_derivative(x: f32) -> f32 {
  let t = tanh_of(softplus_of(x));
  return t + clamp(x, -1e3, 1e3) * sigmoid_of(x) * (1.0 - t * t);
}

// v is x or y, as the op's derivative needs it.
fn derivative(v: f32) -> f32 {
  let x = v;
  let y = v;
  switch OP {
    case NEG: { return -1.0; }
    case ABS: { return sign(x); }
    case SQUARE: { return 2.0 * x; }
    case SQRT: { return 0.5 / y; }
    case RSQRT: { return -0.5 * y * y * y; }
    case RECIPROCAL: { return -y * y; }
    case EXP: { return y; }
    case EXPM1: { return y + 1.0; }
    case LOG: { return 1.0 / x; }
    case LOG1P: { return 1.0 / (1.0 + x); }
    case SIN: { return sine_of(x, 1); }
    case COS: { return -sine_of(x, 0); }
    case ERF: { return 1.1283792 * safe_exp(-min(x * x, 86.0)); }
    case CLIP: { return one_if(x >= params.alpha && x <= params.beta); }
    case RELU: { return activate_gradient(ACT_RELU, y); }
    case RELU6: { return one_if(y > 0.0 && y < 6.0); }
    case TANH: { return activate_gradient(ACT_TANH, y); }
    case SIGMOID: { return activate_gradient(ACT_SIGMOID, y); }
    case HARD_SIGMOID: { return activate_gradient(ACT_HARD_SIGMOID, y); }
    case HARD_TANH: { return one_if(y > -1.0 && y < 1.0); }
    case LEAKY_RELU: { return select(params.alpha, 1.0, x > 0.0); }
    case ELU: { return select(y + params.alpha, 1.0, y > 0.0); }
    case SELU: { return select(y + SELU_SCALE * SELU_ALPHA, SELU_SCALE, y > 0.0); }
    case CELU: { return select(y / params.alpha + 1.0, 1.0, y > 0.0); }
    case SOFTPLUS: { return sigmoid_of(x); }
    case SOFTSIGN: { let d = 1.0 + abs(x); return 1.0 / d / d; }
    case SILU: { let s = sigmoid_of(x); return s * (1.0 + x * (1.0 - s)); }
    case HARD_SILU: { return select(select(1.0, x / 3.0 + 0.5, x < 3.0), 0.0, x < -3.0); }
    case GELU: { return normal_cdf(x) + clamp(x, -1e3, 1e3) * normal_density(x); }
    case GELU_TANH: { return gelu_tanh_derivative(x); }
    case MISH: { return mish_derivative(x); }
    case LOG_SIGMOID: { return sigmoid_of(-x); }
    case HARD_SHRINK, SOFT_SHRINK: { return one_if(abs(x) > params.alpha); }
    case TANH_SHRINK: { let t = tanh_of(x); return t * t; }
    case SQUAREPLUS: { return 0.5 * (1.0 + x / root_of(x, params.alpha)); }
    default: { return nan_of(x); }
  }
}

fn checked(v: f32) -> f32 {
  return select(derivative(v), v, is_nan(v));
}

// One workgroup computes 256 times 4 elements, then those one grid further, until the end.
// grid: min(ceil(size / 1024), 65535)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    let v = x[i];
    dx[i] = dy[i] * vec4(checked(v.x), checked(v.y), checked(v.z), checked(v.w));
  }
}

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
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [size], or y
@group(0) @binding(2) var<storage, read> dy: array<vec4f>; // [size]
@group(0) @binding(3) var<storage, read_write> dx: array<vec4f>; // [size]

fn one_if(condition: vec4<bool>) -> vec4f {
  return select(vec4(0.0), vec4(1.0), condition);
}

fn gelu_tanh_derivative(x: vec4f) -> vec4f {
  let t = tanh4(0.7978845608 * (x + 0.044715 * x * x * x));
  // Far out 1 - t^2 is 0, and must not meet an infinity.
  let slope = 0.7978845608 * (1.0 + 0.134145 * min(x * x, vec4(1e6)));
  return 0.5 * (1.0 + t) + 0.5 * clamp(x, vec4(-1e3), vec4(1e3)) * (1.0 - t * t) * slope;
}

fn mish_derivative(x: vec4f) -> vec4f {
  let t = tanh4(softplus4(x));
  return t + clamp(x, vec4(-1e3), vec4(1e3)) * sigmoid4(x) * (1.0 - t * t);
}

// v is x or y, as the op's derivative needs it.
fn derivative(v: vec4f) -> vec4f {
  let x = v;
  let y = v;
  let zero = vec4(0.0);
  let one = vec4(1.0);
  switch OP {
    case NEG: { return -one; }
    case ABS: { return sign(x); }
    case SQUARE: { return 2.0 * x; }
    case SQRT: { return 0.5 / y; }
    case RSQRT: { return -0.5 * y * y * y; }
    case RECIPROCAL: { return -y * y; }
    case EXP: { return y; }
    case EXPM1: { return y + 1.0; }
    case LOG: { return 1.0 / x; }
    case LOG1P: { return 1.0 / (1.0 + x); }
    case SIN: { return sine4(x, 1); }
    case COS: { return -sine4(x, 0); }
    case ERF: { return 1.1283792 * exp4(-x * x); }
    case CLIP: { return one_if((x >= vec4(params.alpha)) & (x <= vec4(params.beta))); }
    case RELU: { return one_if(y > zero); }
    case RELU6: { return one_if((y > zero) & (y < vec4(6.0))); }
    case TANH: { return 1.0 - y * y; }
    case SIGMOID: { return y * (1.0 - y); }
    case HARD_SIGMOID: { return one_if((y > zero) & (y < one)) / 6.0; }
    case HARD_TANH: { return one_if((y > -one) & (y < one)); }
    case LEAKY_RELU: { return select(vec4(params.alpha), one, x > zero); }
    case ELU: { return select(y + params.alpha, one, y > zero); }
    case SELU: { return select(y + SELU_SCALE * SELU_ALPHA, vec4(SELU_SCALE), y > zero); }
    case CELU: { return select(y / params.alpha + 1.0, one, y > zero); }
    case SOFTPLUS: { return sigmoid4(x); }
    case SOFTSIGN: { let d = 1.0 + abs(x); return 1.0 / d / d; }
    case SILU: { let s = sigmoid4(x); return s * (1.0 + x * (1.0 - s)); }
    case HARD_SILU: { return select(select(one, x / 3.0 + 0.5, x < vec4(3.0)), zero, x < vec4(-3.0)); }
    case GELU: { return normal_cdf4(x) + clamp(x, vec4(-1e3), vec4(1e3)) * normal_density4(x); }
    case GELU_TANH: { return gelu_tanh_derivative(x); }
    case MISH: { return mish_derivative(x); }
    case LOG_SIGMOID: { return sigmoid4(-x); }
    case HARD_SHRINK, SOFT_SHRINK: { return one_if(abs(x) > vec4(params.alpha)); }
    case TANH_SHRINK: { let t = tanh4(x); return t * t; }
    case SQUAREPLUS: { return 0.5 * (1.0 + x / root4(x, params.alpha)); }
    default: { return nan4(x); }
  }
}

// One workgroup computes 256 times 4 elements, then those one grid further, until the end.
// grid: min(ceil(size / 1024), MOST)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    dx[i] = dy[i] * keep_nan4(x[i], derivative(x[i]));
  }
}

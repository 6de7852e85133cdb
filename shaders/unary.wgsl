// y = f(x), element by element; OP says which f. The equations stand in src/ops/map.ts and src/ops/activations.ts.
#import lib/functions
#import lib/unary_codes

const OP: u32 = 0u;

struct Params {
  size: u32,
  alpha: f32, // the op's first constant: a slope, a lower bound, ...
  beta: f32, // its second
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [size]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [size]

fn positive_or(x: vec4f, otherwise: vec4f) -> vec4f {
  return select(otherwise, x, x > vec4(0.0));
}

fn apply(x: vec4f) -> vec4f {
  let zero = vec4(0.0);
  switch OP {
    case NEG: { return -x; }
    case ABS: { return abs(x); }
    case SQUARE: { return x * x; }
    case SQRT: { return sqrt(x); }
    case RSQRT: { return inverseSqrt(x); }
    case RECIPROCAL: { return 1.0 / x; }
    case EXP: { return exp4(x); }
    case EXPM1: { return exp_less_one4(x); }
    case LOG: { return log(x); }
    case LOG1P: { return log_one_plus4(x); }
    case SIN: { return sine4(x, 0); }
    case COS: { return sine4(x, 1); }
    case ERF: { return erf4(x); }
    case SIGN: { return sign(x); }
    case FLOOR: { return floor(x); }
    case CLIP: { return min(max(x, vec4(params.alpha)), vec4(params.beta)); }
    case RELU: { return max(x, zero); }
    case RELU6: { return clamp(x, zero, vec4(6.0)); }
    case TANH: { return tanh4(x); }
    case SIGMOID: { return sigmoid4(x); }
    case HARD_SIGMOID: { return hard_sigmoid4(x); }
    case HARD_TANH: { return clamp(x, vec4(-1.0), vec4(1.0)); }
    case LEAKY_RELU: { return positive_or(x, params.alpha * x); }
    case ELU: { return positive_or(x, params.alpha * exp_less_one4(min(x, zero))); }
    case SELU: { return SELU_SCALE * positive_or(x, SELU_ALPHA * exp_less_one4(min(x, zero))); }
    case CELU: { return positive_or(x, params.alpha * exp_less_one4(min(x, zero) / params.alpha)); }
    case SOFTPLUS: { return softplus4(x); }
    case SOFTSIGN: { return x / (1.0 + abs(x)); }
    case SILU: { return x * sigmoid4(x); }
    case HARD_SILU: { return x * hard_sigmoid4(x); }
    case GELU: { return x * normal_cdf4(x); }
    case GELU_TANH: { return 0.5 * x * (1.0 + tanh4(0.7978845608 * (x + 0.044715 * x * x * x))); }
    case MISH: { return x * tanh4(softplus4(x)); }
    case LOG_SIGMOID: { return -softplus4(-x); }
    case HARD_SHRINK: { return select(zero, x, abs(x) > vec4(params.alpha)); }
    case SOFT_SHRINK: { return sign(x) * max(abs(x) - params.alpha, zero); }
    case TANH_SHRINK: { return x - tanh4(x); }
    case SQUAREPLUS: { return 0.5 * (x + root4(x, params.alpha)); }
    default: { return nan4(x); }
  }
}

// One workgroup computes 256 times 4 elements, then those one grid further, until the end.
// grid: min(ceil(size / 1024), MOST)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    y[i] = keep_nan4(x[i], apply(x[i]));
  }
}

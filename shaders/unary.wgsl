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
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>; // [size]
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>; // [size]

fn apply(x: f32) -> f32 {
  switch OP {
    case NEG: { return -x; }
    case ABS: { return abs(x); }
    case SQUARE: { return x * x; }
    case SQRT: { return sqrt(x); }
    case RSQRT: { return inverseSqrt(x); }
    case RECIPROCAL: { return 1.0 / x; }
    case EXP: { return exp_of(x); }
    case EXPM1: { return expm1_of(x); }
    case LOG: { return log(x); }
    case LOG1P: { return log1p_of(x); }
    case SIN: { return sine_of(x, 0); }
    case COS: { return sine_of(x, 1); }
    case ERF: { return erf_of(x); }
    case SIGN: { return sign(x); }
    case FLOOR: { return floor(x); }
    case CLIP: { return min(max(x, params.alpha), params.beta); }
    case RELU: { return max(x, 0.0); }
    case RELU6: { return clamp(x, 0.0, 6.0); }
    case TANH: { return tanh_of(x); }
    case SIGMOID: { return sigmoid_of(x); }
    case HARD_SIGMOID: { return hard_sigmoid_of(x); }
    case HARD_TANH: { return clamp(x, -1.0, 1.0); }
    case LEAKY_RELU: { return select(params.alpha * x, x, x > 0.0); }
    case ELU: { return select(params.alpha * expm1_of(min(x, 0.0)), x, x > 0.0); }
    case SELU: { return SELU_SCALE * select(SELU_ALPHA * expm1_of(min(x, 0.0)), x, x > 0.0); }
    case CELU: { return select(params.alpha * expm1_of(min(x, 0.0) / params.alpha), x, x > 0.0); }
    case SOFTPLUS: { return softplus_of(x); }
    case SOFTSIGN: { return x / (1.0 + abs(x)); }
    case SILU: { return x * sigmoid_of(x); }
    case HARD_SILU: { return x * hard_sigmoid_of(x); }
    case GELU: { return x * normal_cdf(x); }
    case GELU_TANH: { return 0.5 * x * (1.0 + tanh_of(0.7978845608 * (x + 0.044715 * x * x * x))); }
    case MISH: { return x * tanh_of(softplus_of(x)); }
    case LOG_SIGMOID: { return -softplus_of(-x); }
    case HARD_SHRINK: { return select(0.0, x, abs(x) > params.alpha); }
    case SOFT_SHRINK: { return sign(x) * max(abs(x) - params.alpha, 0.0); }
    case TANH_SHRINK: { return x - tanh_of(x); }
    case SQUAREPLUS: { return 0.5 * (x + root_of(x, params.alpha)); }
    default: { return nan_of(x); }
  }
}

fn checked(x: f32) -> f32 {
  return select(apply(x), x, is_nan(x));
}

// One workgroup computes 256 times 4 elements, then those one grid further, until the end.
// grid: min(ceil(size / 1024), 65535)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    let v = x[i];
    y[i] = vec4(checked(v.x), checked(v.y), checked(v.z), checked(v.w));
  }
}

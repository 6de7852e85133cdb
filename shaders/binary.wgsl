// out = a op b with NumPy's broadcasting; OP says which op. Arithmetic gives numbers of the operands' type, comparisons
// int32: 1 where they hold, else 0.
#import lib/functions
#import lib/binary_codes
#import lib/operands

const OP: u32 = 0u;

struct Params {
  size: u32, // of out
  extent0: u32, // of the innermost axis, after merging
  extent1: u32,
  extent2: u32,
  extent3: u32,
  extent4: u32,
  a0: u32, // strides, innermost first
  a1: u32,
  a2: u32,
  a3: u32,
  a4: u32,
  a5: u32,
  b0: u32,
  b1: u32,
  b2: u32,
  b3: u32,
  b4: u32,
  b5: u32,
  scalar: f32, // the operand that is no tensor
}

@group(0) @binding(0) var<uniform> params: Params;
// Bits, for a small int32 would be a subnormal f32, which may be flushed to 0 on its way.
@group(0) @binding(1) var<storage, read> a: array<vec4u>;
@group(0) @binding(2) var<storage, read> b: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4u>; // [size]

fn exp_difference(a: vec4f, b: vec4f) -> vec4f {
  return select(exp4(a - b), vec4(1.0), a == b);
}

fn float_result(a: vec4f, b: vec4f) -> vec4u {
  switch OP {
    case ADD: { return bitcast<vec4u>(a + b); }
    case SUB: { return bitcast<vec4u>(a - b); }
    case MUL: { return bitcast<vec4u>(a * b); }
    case DIV: { return bitcast<vec4u>(a / b); }
    case MAXIMUM: { return bitcast<vec4u>(max_nan4(a, b)); }
    case MINIMUM: { return bitcast<vec4u>(min_nan4(a, b)); }
    case POW: { return bitcast<vec4u>(power4(a, b)); }
    case EXP_DIFFERENCE: { return bitcast<vec4u>(exp_difference(a, b)); }
    case EQUAL: { return vec4u(a == b); }
    case NOT_EQUAL: { return vec4u((a != b) | is_nan4(a) | is_nan4(b)); }
    case GREATER: { return vec4u(a > b); }
    case GREATER_EQUAL: { return vec4u(b <= a); }
    case LESS: { return vec4u(a < b); }
    default: { return vec4u(a <= b); }
  }
}

fn integer_result(a: vec4i, b: vec4i) -> vec4u {
  switch OP {
    case ADD: { return bitcast<vec4u>(a + b); }
    case SUB: { return bitcast<vec4u>(a - b); }
    case MUL: { return bitcast<vec4u>(a * b); }
    case MAXIMUM: { return bitcast<vec4u>(max(a, b)); }
    case MINIMUM: { return bitcast<vec4u>(min(a, b)); }
    case EQUAL: { return vec4u(a == b); }
    case NOT_EQUAL: { return vec4u(a != b); }
    case GREATER: { return vec4u(a > b); }
    case GREATER_EQUAL: { return vec4u(b <= a); }
    case LESS: { return vec4u(a < b); }
    default: { return vec4u(a <= b); }
  }
}

// One workgroup computes 256 times 4 elements, then those one grid further, until the end.
// grid: min(ceil(size / 1024), MOST)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    let left = a_four(i * 4u);
    let right = b_four(i * 4u);
    if (INT == 1u) {
      out[i] = integer_result(bitcast<vec4i>(left), bitcast<vec4i>(right));
    } else {
      out[i] = float_result(bitcast<vec4f>(left), bitcast<vec4f>(right));
    }
  }
}

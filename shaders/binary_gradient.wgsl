// The gradients of out = a op b before they are summed over broadcast axes: da = dout * d out / d a, and db alike, both of
// the result's shape. At a tie maximum and minimum give each operand half. Sums and differences need no kernel.
#import lib/functions
#import lib/binary_codes
#import lib/operands

const OP: u32 = 2u;

struct Params {
  size: u32, // of dout, da and db
  extent0: u32,
  extent1: u32,
  extent2: u32,
  extent3: u32,
  extent4: u32,
  a0: u32,
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
  scalar: f32,
  hasA: u32, // whether da is wanted
  hasB: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4u>;
@group(0) @binding(2) var<storage, read> b: array<vec4u>;
@group(0) @binding(3) var<storage, read> dout: array<vec4f>; // [size]
@group(0) @binding(4) var<storage, read_write> da: array<vec4f>; // [size]
@group(0) @binding(5) var<storage, read_write> db: array<vec4f>; // [size]

// What part of the gradient the larger one gets.
fn share(larger: vec4f, smaller: vec4f) -> vec4f {
  return 0.5 * (vec4f(larger > smaller) + vec4f(smaller <= larger));
}

fn pow_by_base(a: vec4f, b: vec4f) -> vec4f {
  return select(b * power4(a, b - 1.0), vec4(0.0), b == vec4(0.0));
}

fn pow_by_exponent(a: vec4f, b: vec4f) -> vec4f {
  let slope = power4(a, b) * log(abs(a));
  let at_zero = (a == vec4(0.0)) & (b >= vec4(0.0));
  return select(select(slope, nan4(a), a < vec4(0.0)), vec4(0.0), at_zero);
}

fn by_a(a: vec4f, b: vec4f) -> vec4f {
  switch OP {
    case MUL: { return b; }
    case DIV: { return 1.0 / b; }
    case MAXIMUM: { return share(a, b); }
    case MINIMUM: { return share(b, a); }
    default: { return pow_by_base(a, b); }
  }
}

fn by_b(a: vec4f, b: vec4f) -> vec4f {
  switch OP {
    case MUL: { return a; }
    case DIV: { return -a / b / b; }
    case MAXIMUM: { return share(b, a); }
    case MINIMUM: { return share(a, b); }
    default: { return pow_by_exponent(a, b); }
  }
}

// One workgroup computes 256 times 4 elements, then those one grid further, until the end.
// grid: min(ceil(size / 1024), MOST)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    let left = bitcast<vec4f>(a_four(i * 4u));
    let right = bitcast<vec4f>(b_four(i * 4u));
    if (params.hasA == 1u) { da[i] = dout[i] * by_a(left, right); }
    if (params.hasB == 1u) { db[i] = dout[i] * by_b(left, right); }
  }
}

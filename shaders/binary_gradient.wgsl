// The gradients of out = f(a, b) before they are summed over broadcast axes: da = dout * df/da, and db alike, both of the result's
// shape.
#import pair: pairs/mul
#import lib/operands

@group(0) @binding(3) var<storage, read> dout: array<vec4f>; // [size]
@group(0) @binding(4) var<storage, read_write> da: array<vec4f>; // [size]
@group(0) @binding(5) var<storage, read_write> db: array<vec4f>; // [size]

// One workgroup computes 256 times 4 elements, in a grid-stride loop.
// grid: min(ceil(size / 1024), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    let left = bitcast<vec4f>(a_four(i * 4u));
    let right = bitcast<vec4f>(b_four(i * 4u));
    if (params.hasA == 1u) { da[i] = dout[i] * pair_by_a(left, right); }
    if (params.hasB == 1u) { db[i] = dout[i] * pair_by_b(left, right); }
  }
}

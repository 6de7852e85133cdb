// out = f(a, b) as in binary.wgsl, of int32.
#import pair: pairs/add
#import lib/operands

@group(0) @binding(3) var<storage, read_write> out: array<vec4u>; // [size], bits

// One workgroup computes 256 times 4 elements, in a grid-stride loop.
// grid: min(ceil(size / 1024), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    out[i] = bitcast<vec4u>(pair_int(bitcast<vec4i>(a_four(i * 4u)), bitcast<vec4i>(b_four(i * 4u))));
  }
}

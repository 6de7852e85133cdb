// out = f(a, b), element by element, with NumPy's broadcasting: of float32 (binary/int.wgsl: of int32). A function that compares
// gives int32.
#import pair: pairs/add
#import lib/operands

@group(0) @binding(3) var<storage, read_write> out: array<vec4u>; // [size], bits

// One workgroup computes 256 times 4 elements, in a grid-stride loop.
// grid: min(ceil(size / 1024), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    let value = pair(bitcast<vec4f>(a_four(i * 4u)), bitcast<vec4f>(b_four(i * 4u)));
    if (PAIR_COMPARES == 1u) { out[i] = vec4u(value); } else { out[i] = bitcast<vec4u>(value); }
  }
}

// out[toOffset + sum_i to_i p_i] = x[fromOffset + sum_i from_i p_i] for all places p: transposes, slices, joins, flips (negative
// strides) and broadcasts (strides of 0) of floats and integers, which are moved as they are.
#import lib/strided

@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<u32>;

// One workgroup copies 256 elements, in a grid-stride loop.
// grid: min(ceil(size / 256), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.size; i += groups.x * 256u) {
    let at = places_of(i);
    out[at.y] = x[at.x];
  }
}

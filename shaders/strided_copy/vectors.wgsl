// The copy of strided_copy.wgsl in units of four elements: extent0, strides and offsets count vec4s.
#import lib/strided

@group(0) @binding(1) var<storage, read> x: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4u>;

// One workgroup copies 256 times 4 elements, in a grid-stride loop.
// grid: min(ceil(size / 256), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.size; i += groups.x * 256u) {
    let at = places_of(i);
    out[at.y] = x[at.x];
  }
}

// The copy of strided_copy.wgsl where neighbours of the source are apart in the target and the other way round: blocks of 4 x 4
// are transposed in registers. Places count blocks; strides and offsets count vec4s. Axis 0 is the one with neighbours in the source,
// axis 1 the one with neighbours in the target.
#import lib/strided

@group(0) @binding(1) var<storage, read> x: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4u>;

// One workgroup copies 64 blocks, in a grid-stride loop.
// grid: min(ceil(size / 64), MAX_WORKGROUPS)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  // From row to row of a block.
  let from_step = u32(params.from1 / 4);
  let to_step = u32(params.to0 / 4);
  for (var i = id.x; i < params.size; i += groups.x * 64u) {
    let at = vec2u(places_of(i));
    let p = x[at.x];
    let q = x[at.x + from_step];
    let r = x[at.x + 2u * from_step];
    let s = x[at.x + 3u * from_step];
    out[at.y] = vec4u(p.x, q.x, r.x, s.x);
    out[at.y + to_step] = vec4u(p.y, q.y, r.y, s.y);
    out[at.y + 2u * to_step] = vec4u(p.z, q.z, r.z, s.z);
    out[at.y + 3u * to_step] = vec4u(p.w, q.w, r.w, s.w);
  }
}

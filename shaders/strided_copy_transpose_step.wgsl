// The copy of strided_copy.wgsl where neighbours of the source are apart in the target and the other way round: blocks of 4 x 4
// are transposed in registers. Places count blocks; strides and offsets count vec4s.
#import lib/strided

struct Params {
  // Places to copy: the product of the extents.
  size: u32,
  // Axes in use, 1 to 6; axis 0 runs fastest.
  rank: u32,
  extent0: u32,
  extent1: u32,
  extent2: u32,
  extent3: u32,
  extent4: u32,
  extent5: u32,
  // Elements from one place to the next along an axis, in the source and in the target.
  from0: i32,
  from1: i32,
  from2: i32,
  from3: i32,
  from4: i32,
  from5: i32,
  to0: i32,
  to1: i32,
  to2: i32,
  to3: i32,
  to4: i32,
  to5: i32,
  fromOffset: u32,
  toOffset: u32,
  // vec4s between the four rows of a block, in the source and in the target.
  fromStep: u32,
  toStep: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4u>;

// One workgroup copies 64 blocks, then those one grid further, until the end.
// grid: min(ceil(size / 64), MOST)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.size; i += groups.x * 64u) {
    let at = vec2u(placesOf(i));
    let p = x[at.x];
    let q = x[at.x + params.fromStep];
    let r = x[at.x + 2u * params.fromStep];
    let s = x[at.x + 3u * params.fromStep];
    out[at.y] = vec4u(p.x, q.x, r.x, s.x);
    out[at.y + params.toStep] = vec4u(p.y, q.y, r.y, s.y);
    out[at.y + 2u * params.toStep] = vec4u(p.z, q.z, r.z, s.z);
    out[at.y + 3u * params.toStep] = vec4u(p.w, q.w, r.w, s.w);
  }
}

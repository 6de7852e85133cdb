// out[toOffset + sum_i to_i p_i] = x[fromOffset + sum_i from_i p_i] for all places p: transposes, slices, joins, flips (negative
// strides) and broadcasts (strides of 0) of floats and integers, which are moved as they are.
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
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<u32>;

// One workgroup copies 256 elements, then those one grid further, until the end.
// grid: min(ceil(size / 256), 65535)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.size; i += groups.x * 256u) {
    let at = placesOf(i);
    out[at.y] = x[at.x];
  }
}

// out[o, n, i] = x[o, indices[o, n, i], i]: along one axis, one element an index. An index out of range gives NaN.
#import lib/invalid

struct Params {
  size: u32, // of out
  extent: u32, // of x along the axis
  count: u32, // of the indices along the axis
  inner: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [outer, extent, inner]
@group(0) @binding(2) var<storage, read> indices: array<i32>; // [outer, count, inner]
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [outer, count, inner]

// One invocation copies one element, in a grid-stride loop.
// grid: min(ceil(size / 64), MAX_WORKGROUPS)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var k = id.x; k < params.size; k += groups.x * 64u) {
    let o = k / (params.count * params.inner);
    let i = k % params.inner;
    let index = indices[k];
    if (index < 0 || u32(index) >= params.extent) {
      out[k] = not_a_number(k);
    } else {
      out[k] = x[(o * params.extent + u32(index)) * params.inner + i];
    }
  }
}

// out[o, v, i] = x[o, v, i] + sum over n with indices[o, n, i] = v of updates[o, n, i], in the order of n; x may be
// absent (zeros). Indices out of range add nothing.
// group: backward

struct Params {
  size: u32, // of out
  extent: u32, // of out along the axis
  count: u32, // of the indices along the axis
  inner: u32,
  has_x: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [outer, extent, inner], or absent
@group(0) @binding(2) var<storage, read> indices: array<i32>; // [outer, count, inner]
@group(0) @binding(3) var<storage, read> updates: array<f32>; // [outer, count, inner]
@group(0) @binding(4) var<storage, read_write> out: array<f32>; // [outer, extent, inner]

// One invocation sums one element of out, in a grid-stride loop.
// grid: min(ceil(size / 64), MAX_WORKGROUPS)
// iterations: count
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var k = id.x; k < params.size; k += groups.x * 64u) {
    let i = k % params.inner;
    let v = i32(k / params.inner % params.extent);
    let first = k / (params.extent * params.inner) * params.count * params.inner + i;
    var sum = 0.0;
    if (params.has_x == 1u) {
      sum = x[k];
    }
    for (var n = 0u; n < params.count; n++) {
      let at = first + n * params.inner;
      if (indices[at] == v) {
        sum += updates[at];
      }
    }
    out[k] = sum;
  }
}

// out[v, e] = sum over n with ids[n] = v of values[n, e], in the order of n: the gradient of `gather`. Ids outside of
// the table, and the id `skip`, add nothing. This kernel reads all ids for every element of out; from a number of ids
// on, the plan in src/webgpu/scatter.ts sorts them first.
// group: backward
// plan: scatter

struct Params {
  rows: u32,
  width: u32,
  vocabulary: u32,
  skip: i32, // -1: none
  overTime: u32, // read by the plan: 1 where the ids have a time axis, so that dispatches must not depend on their number
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> ids: array<i32>; // [rows]
@group(0) @binding(2) var<storage, read> values: array<f32>; // [rows, width]
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [vocabulary, width]

// One invocation sums one element of out, in a grid-stride loop.
// grid: min(ceil(vocabulary * width / 64), MAX_WORKGROUPS)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.vocabulary * params.width; i += groups.x * 64u) {
    let v = i32(i / params.width);
    let e = i % params.width;
    var sum = 0.0;
    if (v != params.skip) {
      for (var n = 0u; n < params.rows; n++) {
        if (ids[n] == v) {
          sum += values[n * params.width + e];
        }
      }
    }
    out[i] = sum;
  }
}

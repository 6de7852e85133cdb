// Step 2 of the sort by id (see src/webgpu/scatter.ts): for every id, counts become the sums over the lanes before, and
// totals[v] the sum over all.
// group: backward

struct Params {
  vocabulary: u32,
  lanes: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> counts: array<i32>; // [lanes, vocabulary]
@group(0) @binding(2) var<storage, read_write> totals: array<i32>; // [vocabulary]

// One invocation takes one id, in a grid-stride loop.
// grid: min(ceil(vocabulary / 64), MAX_WORKGROUPS)
// iterations: lanes
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var v = id.x; v < params.vocabulary; v += groups.x * 64u) {
    var total = 0;
    for (var lane = 0u; lane < params.lanes; lane++) {
      let at = lane * params.vocabulary + v;
      let count = counts[at];
      counts[at] = total;
      total += count;
    }
    totals[v] = total;
  }
}

// Step 4 of the sort by id (see src/webgpu/scatter.ts): order lists the rows by id, and by row number for one id.
// group: backward

struct Params {
  rows: u32,
  vocabulary: u32,
  run: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> ids: array<i32>; // [rows]
@group(0) @binding(2) var<storage, read> ranks: array<i32>; // [rows]
@group(0) @binding(3) var<storage, read> counts: array<i32>; // [lanes, vocabulary]
@group(0) @binding(4) var<storage, read> starts: array<i32>; // [vocabulary+1]
@group(0) @binding(5) var<storage, read_write> order: array<i32>; // [rows]

// One invocation places one row, in a grid-stride loop.
// grid: min(ceil(rows / 64), MAX_WORKGROUPS)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var n = id.x; n < params.rows; n += groups.x * 64u) {
    let rank = ranks[n];
    if (rank < 0) {
      continue;
    }
    let v = u32(ids[n]);
    let lane = n / params.run;
    order[starts[v] + counts[lane * params.vocabulary + v] + rank] = i32(n);
  }
}

// Step 1 of the sort by id (see src/webgpu/scatter.ts): the ids are cut into `lanes` runs; each is walked in order by one
// invocation, which counts its ids. ranks[n] = how often the id of n came before in its run; -1 where it adds nothing.
// group: backward

struct Params {
  rows: u32,
  vocabulary: u32,
  lanes: u32,
  run: u32, // ids a lane
  skip: i32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> ids: array<i32>; // [rows]
@group(0) @binding(2) var<storage, read_write> counts: array<i32>; // [lanes, vocabulary], zero before
@group(0) @binding(3) var<storage, read_write> ranks: array<i32>; // [rows]

// One invocation walks one run.
// grid: ceil(lanes / 64)
// iterations: run
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let lane = id.x;
  if (lane >= params.lanes) {
    return;
  }
  for (var n = lane * params.run; n < min((lane + 1u) * params.run, params.rows); n++) {
    let v = ids[n];
    if (v < 0 || u32(v) >= params.vocabulary || v == params.skip) {
      ranks[n] = -1;
      continue;
    }
    let at = lane * params.vocabulary + u32(v);
    let before = counts[at];
    ranks[n] = before;
    counts[at] = before + 1;
  }
}

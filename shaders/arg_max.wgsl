// out[o,c] = the first r at which x[o,r,c] is largest.
#import lib/axis

// Invocations that share the rows of one output: 1 or 64.
const LANES: u32 = 1u;

@group(0) @binding(1) var<storage, read> x: array<f32>; // [outer, rows, columns]
@group(0) @binding(2) var<storage, read_write> out: array<i32>; // [outer, columns]

struct Best {
  value: f32,
  row: u32,
}

var<workgroup> scratch: array<Best, 64>;

// The larger; of equal ones the first. A row past the end is none.
fn better(a: Best, b: Best) -> Best {
  if (b.row < params.rows && (a.row >= params.rows || b.value > a.value || (b.value == a.value && b.row < a.row))) {
    return b;
  }
  return a;
}

// One workgroup computes 64 / LANES outputs, in a grid-stride loop.
// grid: min(ceil(outer * columns / 64 * LANES), MAX_WORKGROUPS)
// iterations: ceil(rows / LANES) + LANES
@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let per_group = 64u / LANES;
  let lane = local % LANES;
  let outputs = params.outer * params.columns;
  for (var first = group.x * per_group; first < outputs; first += groups.x * per_group) {
    let i = min(first + local / LANES, outputs - 1u);
    let at = start_of(i);
    var best = Best(0.0, params.rows);
    for (var r = lane; r < params.rows; r += LANES) { best = better(best, Best(x[at + r * params.columns], r)); }
    if (LANES > 1u) {
      workgroupBarrier();
      scratch[local] = best;
      workgroupBarrier();
      if (lane == 0u) {
        for (var k = 1u; k < LANES; k++) { best = better(best, scratch[k]); }
      }
    }
    if (lane == 0u && first + local / LANES < outputs) { out[i] = i32(best.row); }
  }
}

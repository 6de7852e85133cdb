// dx = y * (dy - sum dy y) along the rows of [outer, rows, columns]; with LOG, where y is the logarithm,
// dx = dy - e^y * sum dy.
#import lib/axis
#import lib/exp
#import lib/rows

const LOG: u32 = 0u;

@group(0) @binding(1) var<storage, read> y: array<f32>; // [outer, rows, columns]
@group(0) @binding(2) var<storage, read> dy: array<f32>; // [outer, rows, columns]
@group(0) @binding(3) var<storage, read_write> dx: array<f32>; // [outer, rows, columns]

// One workgroup computes 64 / LANES rows, in a grid-stride loop.
// grid: min(ceil(outer * columns / 64 * LANES), MAX_WORKGROUPS)
// iterations: 2 * ceil(rows / LANES)
@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let per_group = 64u / LANES;
  let lane = local % LANES;
  let row = local / LANES;
  let count = params.outer * params.columns;
  for (var first = group.x * per_group; first < count; first += groups.x * per_group) {
    let i = min(first + row, count - 1u);
    let at = start_of(i);
    var sum = 0.0;
    for (var r = lane; r < params.rows; r += LANES) {
      let k = at + r * params.columns;
      sum += select(dy[k] * y[k], dy[k], LOG == 1u);
    }
    sum = row_sum(sum, local);
    if (first + row < count) {
      for (var r = lane; r < params.rows; r += LANES) {
        let k = at + r * params.columns;
        if (LOG == 1u) { dx[k] = dy[k] - exp4(vec4f(y[k])).x * sum; } else { dx[k] = y[k] * (dy[k] - sum); }
      }
    }
  }
}

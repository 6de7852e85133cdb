// dx = (dy - mean(dy) - y * mean(dy * y)) / root along the rows of [rows, columns]: normalize.wgsl.
// group: normalize
#import lib/rows

struct Params {
  rows: u32,
  columns: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> y: array<f32>; // [rows, columns]
@group(0) @binding(2) var<storage, read> roots: array<f32>; // [rows], inverted
@group(0) @binding(3) var<storage, read> dy: array<f32>; // [rows, columns]
@group(0) @binding(4) var<storage, read_write> dx: array<f32>; // [rows, columns]

// One workgroup computes 64 / LANES rows, in a grid-stride loop.
// grid: min(ceil(rows / 64 * LANES), MAX_WORKGROUPS)
// iterations: 2 * ceil(columns / LANES)
@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let per_group = 64u / LANES;
  let lane = local % LANES;
  let row = local / LANES;
  for (var first = group.x * per_group; first < params.rows; first += groups.x * per_group) {
    let i = min(first + row, params.rows - 1u);
    let begin = i * params.columns;
    let end = begin + params.columns;
    var sums = vec3f();
    for (var k = begin + lane; k < end; k += LANES) { sums += vec3f(dy[k], dy[k] * y[k], 0.0); }
    let means = row_sums(sums, local) / f32(params.columns);
    if (first + row < params.rows) {
      for (var k = begin + lane; k < end; k += LANES) { dx[k] = (dy[k] - means.x - y[k] * means.y) * roots[i]; }
    }
  }
}

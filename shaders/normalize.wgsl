// y = (x - mean) / root along the rows of x [rows, columns], where root is that of variance + epsilon.
// group: normalize
#import lib/rows

struct Params {
  rows: u32,
  columns: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [rows, columns]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [rows, columns]
@group(0) @binding(3) var<storage, read_write> roots: array<f32>; // [rows], inverted

// One workgroup computes 64 / LANES rows, in a grid-stride loop.
// grid: min(ceil(rows / 64 * LANES), MAX_WORKGROUPS)
// iterations: 3 * ceil(columns / LANES)
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
    var sum = 0.0;
    for (var k = begin + lane; k < end; k += LANES) { sum += x[k]; }
    let mean = row_sum(sum, local) / f32(params.columns);
    // In two passes: the mean of the squares would lose the variance beside a large mean.
    sum = 0.0;
    for (var k = begin + lane; k < end; k += LANES) { sum += (x[k] - mean) * (x[k] - mean); }
    let root = inverseSqrt(row_sum(sum, local) / f32(params.columns) + params.epsilon);
    // Past the end there is nothing to store, but the row functions want all invocations to come along.
    if (first + row < params.rows) {
      for (var k = begin + lane; k < end; k += LANES) { y[k] = (x[k] - mean) * root; }
      if (lane == 0u) { roots[i] = root; }
    }
  }
}

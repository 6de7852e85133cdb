// y = e^(x - m) / s along the rows of x [outer, rows, columns], m the largest of them and s = sum e^(x - m); with LOG the
// logarithm of that, x - m - log s.
#import lib/axis
#import lib/exp
#import lib/rows

const LOG: u32 = 0u;

@group(0) @binding(1) var<storage, read> x: array<f32>; // [outer, rows, columns]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [outer, rows, columns]

// One workgroup computes 64 / LANES softmaxes, in a grid-stride loop.
// grid: min(ceil(outer * columns / 64 * LANES), MAX_WORKGROUPS)
// iterations: 3 * ceil(rows / LANES)
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
    var largest = x[at];
    for (var r = lane; r < params.rows; r += LANES) { largest = max(largest, x[at + r * params.columns]); }
    largest = row_max(largest, local);
    var sum = 0.0;
    for (var r = lane; r < params.rows; r += LANES) { sum += exp4(vec4f(x[at + r * params.columns] - largest)).x; }
    sum = row_sum(sum, local);
    let shift = keep_nan4(vec4f(sum), vec4f(log(sum))).x;
    // Past the end there is nothing to store, but the row functions want all invocations to come along.
    if (first + row < count) {
      for (var r = lane; r < params.rows; r += LANES) {
        let k = at + r * params.columns;
        let d = x[k] - largest;
        if (LOG == 1u) { y[k] = d - shift; } else { y[k] = exp4(vec4f(d)).x / sum; }
      }
    }
  }
}

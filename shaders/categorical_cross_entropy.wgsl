// Cross-entropy of probabilities p [rows, classes] and targets q, one loss a row, as Keras 3 computes it:
//   u_c = p_c / sum_c p_c,   loss = -sum_c q_c log(clip(u_c, EPSILON, 1-EPSILON))
// q is one-hot (labels) or given (targets), and moved towards 1/classes by smoothing. A row whose label is `ignore` has
// loss 0; another label out of range gives NaN. Saved for backward: 1 / sum_c p_c, and the sum of q_c that are not clipped.
#import lib/invalid
#import lib/class_targets
#import lib/rows

const ROWS: u32 = 64u / LANES;
const EPSILON: f32 = 1e-7;

@group(0) @binding(1) var<storage, read> predictions: array<f32>; // [rows, classes]
@group(0) @binding(4) var<storage, read_write> loss: array<f32>; // [rows]
@group(0) @binding(5) var<storage, read_write> saved: array<vec2f>; // [rows, 2]

// One workgroup computes 64 / LANES rows, then those one grid further, until the end.
// grid: min(ceil(rows * LANES / 64), MOST)
// turns: 2 * ceil(classes / LANES) + 2 * LANES
@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  for (var base = group.x * ROWS; base < params.rows; base += groups.x * ROWS) {
    let row = base + local / LANES;
    // Lanes beyond the last row go along to the barriers, with no classes.
    let classes = select(0u, params.classes, row < params.rows);
    let first = row * params.classes;
    var label = -1;
    if (params.sparse == 1u && row < params.rows) {
      label = labels[row];
    }

    var own = 0.0;
    for (var c = local % LANES; c < classes; c += LANES) {
      own += predictions[first + c];
    }
    let total = row_sum(own, local);

    var sums = vec3f(); // of -q log(clip(u)), of q where u is not clipped
    for (var c = local % LANES; c < classes; c += LANES) {
      let u = predictions[first + c] / total;
      var q = select(0.0, 1.0, i32(c) == label);
      if (params.sparse == 0u) {
        q = targets[first + c];
      }
      q = smooth_target(q, params.smoothing, params.classes);
      let unclipped = u >= EPSILON && u <= 1.0 - EPSILON;
      sums += vec3f(-q * log_clipped(u, EPSILON, 1.0 - EPSILON), select(0.0, q, unclipped), 0.0);
    }
    sums = row_sums(sums, local);

    if (row < params.rows && local % LANES == 0u) {
      if (is_ignored(row)) {
        loss[row] = 0.0;
        saved[row] = vec2f(0.0, 0.0);
      } else if (params.sparse == 1u && (label < 0 || u32(label) >= params.classes)) {
        loss[row] = not_a_number(row);
        saved[row] = vec2f(not_a_number(row), 0.0);
      } else {
        loss[row] = sums.x;
        saved[row] = vec2f(1.0 / total, sums.y);
      }
    }
  }
}

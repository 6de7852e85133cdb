// Cross-entropy of logits x [rows, classes] and targets q, one loss a row:
//   loss = -sum_c q_c log softmax(x)_c = (sum_c q_c) log(sum_c e^(x_c-m)) - sum_c q_c (x_c-m),   m = max_c x_c
// q is one-hot (labels) or given (targets), and moved towards 1/classes by smoothing. A row whose label is `ignore` has
// loss 0; another label out of range gives NaN. Saved for backward: m and (sum_c q_c) / sum_c e^(x_c-m).
#import lib/invalid
#import lib/class_targets
#import lib/rows

const ROWS: u32 = 64u / LANES;

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

    var largest = -3.4e38;
    for (var c = local % LANES; c < classes; c += LANES) {
      largest = max(largest, predictions[first + c]);
    }
    largest = row_max(largest, local);

    var sums = vec3f(); // of e^(x-m), of q, of q (x-m)
    for (var c = local % LANES; c < classes; c += LANES) {
      let x = predictions[first + c] - largest;
      var q = select(0.0, 1.0, i32(c) == label);
      if (params.sparse == 0u) {
        q = targets[first + c];
      }
      q = smooth_target(q, params.smoothing, params.classes);
      // A logit of -inf matters only where the target is not 0.
      sums += vec3f(exp_negative(x), q, select(0.0, q * x, q != 0.0));
    }
    sums = row_sums(sums, local);

    if (row < params.rows && local % LANES == 0u) {
      if (is_ignored(row)) {
        loss[row] = 0.0;
        saved[row] = vec2f(0.0, 0.0);
      } else if (params.sparse == 1u && (label < 0 || u32(label) >= params.classes)) {
        loss[row] = not_a_number(row);
        saved[row] = vec2f(0.0, not_a_number(row));
      } else {
        loss[row] = sums.y * select(sums.x, log(sums.x), finite(sums.x)) - sums.z;
        saved[row] = vec2f(largest, sums.y / sums.x);
      }
    }
  }
}

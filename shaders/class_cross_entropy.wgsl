// Cross-entropy of predictions [rows, classes] and targets q, one loss a row. With LOGITS of logits x:
//   loss = -sum_c q_c log softmax(x)_c = (sum_c q_c) log(sum_c e^(x_c-m)) - sum_c q_c (x_c-m),   m = max_c x_c
// else of probabilities p, as Keras 3 computes it:
//   loss = -sum_c q_c log(clip(u_c, EPSILON, 1-EPSILON)),   u_c = p_c / sum_c p_c
// q is one-hot (labels) or given (targets), and moved towards 1/classes by smoothing. A row whose label is `ignore` has
// loss 0; another label out of range gives NaN. Saved for backward: m and (sum_c q_c) / sum_c e^(x_c-m); of probabilities
// 1 / sum_c p_c, and the sum of q_c that are not clipped.
#import lib/invalid
#import lib/class_targets
#import lib/rows

const ROWS: u32 = 64u / LANES;

@group(0) @binding(1) var<storage, read> predictions: array<f32>; // [rows, classes]
@group(0) @binding(4) var<storage, read_write> loss: array<f32>; // [rows]
@group(0) @binding(5) var<storage, read_write> saved: array<vec2f>; // [rows, 2]

// One workgroup computes 64 / LANES rows, in a grid-stride loop.
// grid: min(ceil(rows * LANES / 64), MAX_WORKGROUPS)
// iterations: 2 * ceil(classes / LANES) + 2 * LANES
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
    let label = label_of(row);

    // The largest logit, or the sum of the probabilities.
    var whole = select(0.0, -3.4e38, LOGITS == 1u);
    for (var c = local % LANES; c < classes; c += LANES) {
      let x = predictions[first + c];
      if (LOGITS == 1u) { whole = max(whole, x); } else { whole += x; }
    }
    if (LOGITS == 1u) { whole = row_max(whole, local); } else { whole = row_sum(whole, local); }

    // Of e^(x-m), of q, of q (x-m); of probabilities: of -q log(clip(u)), of q where u is not clipped.
    var sums = vec3f();
    for (var c = local % LANES; c < classes; c += LANES) {
      let q = target_of(label, row, c);
      if (LOGITS == 1u) {
        let x = predictions[first + c] - whole;
        // A logit of -inf matters only where the target is not 0.
        sums += vec3f(exp_negative(x), q, select(0.0, q * x, q != 0.0));
      } else {
        let u = predictions[first + c] / whole;
        sums += vec3f(-q * log_clipped(u), select(q, 0.0, is_clipped(u)), 0.0);
      }
    }
    sums = row_sums(sums, local);

    if (row < params.rows && local % LANES == 0u) {
      if (is_ignored(label)) {
        loss[row] = 0.0;
        saved[row] = vec2f();
      } else if (params.sparse == 1u && (label < 0 || u32(label) >= params.classes)) {
        loss[row] = not_a_number(row);
        saved[row] = vec2f(not_a_number(row));
      } else if (LOGITS == 1u) {
        loss[row] = sums.y * select(sums.x, log(sums.x), finite(sums.x)) - sums.z;
        saved[row] = vec2f(whole, sums.y / sums.x);
      } else {
        loss[row] = sums.x;
        saved[row] = vec2f(1.0 / whole, sums.y);
      }
    }
  }
}

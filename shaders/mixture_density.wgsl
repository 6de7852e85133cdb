// The negative log density of a point under a mixture of bivariate Gaussians, and with `pen` the cross-entropy of the end of its stroke, one
// loss a row (Graves 2013, equation 26):
//   loss = log(sum_k e^w_k) - log(sum_k e^w_k N_k(x, y)) + cross-entropy(sigmoid(pen), end)
// group: mixture
#import lib/mixture_density

const LOG_4_PI: f32 = 2.5310242;

@group(0) @binding(3) var<storage, read_write> loss: array<f32>; // [rows]

// log may turn NaN into a number.
fn log_of(x: f32) -> f32 {
  return select(x, log(x), finite(x));
}

// One invocation computes a row, in a grid-stride loop.
// grid: min(ceil(rows / 64), MAX_WORKGROUPS)
// iterations: 2 * components
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var row = id.x; row < params.rows; row += groups.x * 64u) {
    let sums = sums_of(row);
    var total = log_of(sums.y) - (sums.z + log_of(sums.w)) + LOG_4_PI;
    if (params.pen == 1u) {
      let logit = predictions[(row + 1u) * predictions_a_row() - 1u];
      total += max(logit, 0.0) - logit * targets[row * 3u + 2u] + log_one_plus(exp_negative(-abs(logit)));
    }
    loss[row] = total;
  }
}

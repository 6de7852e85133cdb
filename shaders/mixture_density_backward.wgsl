// Gradient of mixture_density with respect to its predictions, times that of the row's loss (Graves 2013, equations 27 to 37). With the
// responsibility g_k = e^w_k N_k / sum_j e^w_j N_j of a component:
//   w: softmax(w) - g;  mean: -g across / (sqrt(1-rho^2) sigma);  s: -g (z across / sqrt(1-rho^2) - 1) d log(sigma) / d s;
//   r: -g (rho + across_x across_y);  pen: sigmoid(pen) - end
// The sums over components are computed anew: where a point is far away, the logarithms of the densities are so large that a difference to
// rounded ones says nothing.
// group: mixture
#import lib/mixture_density

@group(0) @binding(3) var<storage, read> gradient: array<f32>; // [rows]
@group(0) @binding(4) var<storage, read_write> out: array<f32>; // [rows, 6 components + pen]

fn component_derivatives(row: u32, k: u32, sums: vec4f) {
  let count = params.components;
  let first = row * predictions_a_row() + k;
  let component = component_of(row, k, sums.x);
  let responsibility = exp_negative(component.log_density - sums.z) / sums.w;
  let weight = exp_negative(predictions[first] - sums.x) / sums.y;
  var mean = vec2f();
  var s = vec2f();
  var r = 0.0;
  // Not times 0: a component far away may be infinitely far.
  if (responsibility != 0.0) {
    let factor = -gradient[row] * responsibility;
    let pull = component.across * component.spread;
    mean = factor * pull * component.inverse;
    s = factor * (component.z * pull - 1.0) * component.share;
    r = factor * (component.rho + component.across.x * component.across.y);
  }
  out[first] = gradient[row] * (weight - responsibility);
  out[first + count] = mean.x;
  out[first + 2u * count] = mean.y;
  out[first + 3u * count] = s.x;
  out[first + 4u * count] = s.y;
  out[first + 5u * count] = r;
}

fn pen_derivative(row: u32, logit: f32) -> f32 {
  let e = exp_negative(-abs(logit));
  return gradient[row] * (select(e, 1.0, logit >= 0.0) / (1.0 + e) - targets[row * 3u + 2u]);
}

// One invocation computes a row, in a grid-stride loop.
// grid: min(ceil(rows / 64), MAX_WORKGROUPS)
// iterations: 6 * components + 1
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let width = predictions_a_row();
  for (var row = id.x; row < params.rows; row += groups.x * 64u) {
    // Not times 0: what a masked row holds may be NaN.
    if (gradient[row] == 0.0) {
      for (var i = 0u; i < width; i++) { out[row * width + i] = 0.0; }
      continue;
    }
    let sums = sums_of(row);
    for (var k = 0u; k < params.components; k++) { component_derivatives(row, k, sums); }
    if (params.pen == 1u) {
      let last = (row + 1u) * width - 1u;
      out[last] = pen_derivative(row, predictions[last]);
    }
  }
}

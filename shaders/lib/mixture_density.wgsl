// A component of a mixture of bivariate Gaussians, as Graves 2013, "Generating Sequences With Recurrent Neural Networks", equations 16 to
// 26, has it, from a row of predictions: the logits w of the weights, the means, s with sigma = min_scale + e^s, and r with rho = tanh(r).
// With z = (x - mean) / sigma, Graves' Z / (1 - rho^2) is a sum of squares, which does not cancel:
//   z_x^2 + across_y^2,   across = (z - rho z.yx) / sqrt(1-rho^2)
// 1 - |rho| and 1 / sqrt(1-rho^2) are computed from r, so that they keep their digits where tanh(r) is rounded to 1.
#import lib/cross_entropy

struct Params {
  rows: u32,
  components: u32,
  pen: u32, // 1: the end of a stroke is the last prediction and the last target, 0: there is none
  log_min_scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> predictions: array<f32>; // [rows, 6 components + pen]: w, mean x, mean y, s x, s y, r; the pen's logit
@group(0) @binding(2) var<storage, read> targets: array<f32>; // [rows, 2 + pen]: x, y; 1 at the end of a stroke, else 0

struct Component {
  log_density: f32, // log of e^(w - largest) times the density, but for log(4 pi)
  rho: f32,
  z: vec2f,
  across: vec2f,
  spread: f32, // 1 / sqrt(1-rho^2)
  inverse: vec2f, // 1 / sigma
  share: vec2f, // d log(sigma) / d s
}

fn predictions_a_row() -> u32 {
  return 6u * params.components + params.pen;
}

// log(sigma), 1 / sigma, d log(sigma) / d s
fn scale_of(s: f32) -> vec3f {
  let above = s - params.log_min_scale;
  let e = exp_negative(-abs(above));
  // max and log may turn NaN into a number.
  let log_scale = select(s, max(s, params.log_min_scale) + log_one_plus(e), finite(s));
  return vec3f(log_scale, exp(clamp(-log_scale, -87.0, 88.0)), select(e, 1.0, above >= 0.0) / (1.0 + e));
}

// `largest` is the largest logit of the row's weights: from there on, so that logits of any size do.
fn component_of(row: u32, k: u32, largest: f32) -> Component {
  let count = params.components;
  let first = row * predictions_a_row() + k;
  let place = row * (2u + params.pen);
  let mean = vec2f(predictions[first + count], predictions[first + 2u * count]);
  let scale_x = scale_of(predictions[first + 3u * count]);
  let scale_y = scale_of(predictions[first + 4u * count]);
  let r = predictions[first + 5u * count];
  let e = exp_negative(-2.0 * abs(r));
  let direction = select(-1.0, 1.0, r >= 0.0);
  var result: Component;
  result.inverse = vec2f(scale_x.y, scale_y.y);
  result.z = (vec2f(targets[place], targets[place + 1u]) - mean) * result.inverse;
  result.rho = direction * (1.0 - e) / (1.0 + e);
  let rest = direction * 2.0 * e / (1.0 + e);
  result.spread = 0.5 * (1.0 + e) * exp(min(abs(r), 88.0));
  result.across = result.spread * ((result.z - direction * result.z.yx) + rest * result.z.yx);
  result.share = vec2f(scale_x.z, scale_y.z);
  let squares = result.z.x * result.z.x + result.across.y * result.across.y;
  result.log_density = (predictions[first] - largest) - scale_x.x - scale_y.x + abs(r) + log_one_plus(e) - 0.5 * squares;
  return result;
}

// The largest of some numbers, and the sum of e^(x - largest): with one more of them.
fn joined(sum: vec2f, x: f32) -> vec2f {
  let largest = max(sum.x, x);
  return vec2f(largest, sum.y * exp_negative(sum.x - largest) + exp_negative(x - largest));
}

// Of a row: the largest w and the sum of e^(w - largest), and the same of log_density.
fn sums_of(row: u32) -> vec4f {
  let first = row * predictions_a_row();
  var weights = vec2f(-3.4e38, 0.0);
  for (var k = 0u; k < params.components; k++) { weights = joined(weights, predictions[first + k]); }
  var densities = vec2f(-3.4e38, 0.0);
  for (var k = 0u; k < params.components; k++) {
    densities = joined(densities, component_of(row, k, weights.x).log_density);
  }
  return vec4f(weights, densities);
}

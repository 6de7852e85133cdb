// Gradient of categorical_cross_entropy with respect to the probabilities p, with S = sum_c p_c and u = p / S:
//   dL/dp_c = (sum_k q_k [u_k not clipped] - (q_c / u_c) [u_c not clipped]) / S times that of the row's loss.
#import lib/class_targets

const EPSILON: f32 = 1e-7;

@group(0) @binding(1) var<storage, read> predictions: array<vec4f>; // [rows, classes]
@group(0) @binding(4) var<storage, read> saved: array<vec2f>; // [rows, 2]
@group(0) @binding(5) var<storage, read> gradient: array<f32>; // [rows]
@group(0) @binding(6) var<storage, read_write> out: array<vec4f>; // [rows, classes]

fn derivative(p: f32, row: u32, c: u32) -> f32 {
  if (is_ignored(row)) {
    return 0.0;
  }
  let q = target_of(row, c);
  let of_row = saved[row];
  let u = p * of_row.x;
  var result = of_row.y;
  if (u >= EPSILON && u <= 1.0 - EPSILON) {
    result -= q / u;
  }
  // Not times 0: what a masked row holds may be NaN.
  return select(gradient[row] * of_row.x * result, 0.0, gradient[row] == 0.0);
}

// One invocation computes four elements, then those one grid further, until the end.
// grid: min(ceil(rows * classes / 256), MOST)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let size = params.rows * params.classes;
  for (var i = id.x; i * 4u < size; i += groups.x * 64u) {
    let p = predictions[i];
    var result = vec4f();
    for (var k = 0u; k < 4u && i * 4u + k < size; k++) {
      let element = i * 4u + k;
      result[k] = derivative(p[k], element / params.classes, element % params.classes);
    }
    out[i] = result;
  }
}

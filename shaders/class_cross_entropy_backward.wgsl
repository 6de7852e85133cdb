// Gradient of class_cross_entropy with respect to its predictions, times that of the row's loss. With LOGITS:
//   softmax(x)_c sum_c q_c - q_c
// else, with S = sum_c p_c and u = p / S: (sum_k q_k [u_k not clipped] - (q_c / u_c) [u_c not clipped]) / S
#import lib/class_targets

@group(0) @binding(1) var<storage, read> predictions: array<vec4f>; // [rows, classes]
@group(0) @binding(4) var<storage, read> saved: array<vec2f>; // [rows, 2]
@group(0) @binding(5) var<storage, read> gradient: array<f32>; // [rows]
@group(0) @binding(6) var<storage, read_write> out: array<vec4f>; // [rows, classes]

fn derivative(x: f32, row: u32, c: u32) -> f32 {
  let label = label_of(row);
  // Not times 0: what a masked row holds may be NaN.
  if (is_ignored(label) || gradient[row] == 0.0) { return 0.0; }
  let q = target_of(label, row, c);
  let of_row = saved[row];
  var result = 0.0;
  if (LOGITS == 1u) {
    result = gradient[row] * (exp_negative(x - of_row.x) * of_row.y - q);
  } else {
    let u = x * of_row.x;
    result = gradient[row] * of_row.x * (of_row.y - select(q / u, 0.0, is_clipped(u)));
  }
  return result;
}

// One invocation computes four elements, in a grid-stride loop.
// grid: min(ceil(rows * classes / 256), MAX_WORKGROUPS)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let size = params.rows * params.classes;
  for (var i = id.x; i * 4u < size; i += groups.x * 64u) {
    let x = predictions[i];
    var result = vec4f();
    for (var k = 0u; k < 4u && i * 4u + k < size; k++) {
      let element = i * 4u + k;
      result[k] = derivative(x[k], element / params.classes, element % params.classes);
    }
    out[i] = result;
  }
}

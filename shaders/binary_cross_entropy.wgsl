// Cross-entropy of probabilities p and targets z in [0, 1], element by element, as Keras 3 computes it:
//   loss = -z log(p') - (1-z) log(1-p'),   p' = clip(p, EPSILON, 1-EPSILON)
// z is moved towards 1/2 by smoothing. 1-p is clipped itself: near 1, clip(p) would have lost its digits.
#import lib/cross_entropy

const EPSILON: f32 = 1e-7;

struct Params {
  size: u32,
  smoothing: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> predictions: array<vec4f>; // [size]
@group(0) @binding(2) var<storage, read> targets: array<vec4f>; // [size]
@group(0) @binding(3) var<storage, read_write> loss: array<vec4f>; // [size]

fn value(p: f32, target_value: f32) -> f32 {
  let z = smooth_target(target_value, params.smoothing, 2u);
  let log_p = log_clipped(p, EPSILON, 1.0 - EPSILON);
  let log_rest = log_clipped(1.0 - p, EPSILON, 1.0 - EPSILON);
  return -z * log_p - (1.0 - z) * log_rest;
}

// One invocation computes four elements, then those one grid further, until the end.
// grid: min(ceil(size / 256), MOST)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 64u) {
    let p = predictions[i];
    let z = targets[i];
    loss[i] = vec4f(value(p.x, z.x), value(p.y, z.y), value(p.z, z.z), value(p.w, z.w));
  }
}

// Cross-entropy of predictions and targets z in [0, 1], element by element. With LOGITS of logits x:
//   loss = -z log sigmoid(x) - (1-z) log(1-sigmoid(x)) = max(x, 0) - x z + log(1 + e^-|x|)
// else of probabilities p, as Keras 3 computes it:
//   loss = -z log(p') - (1-z) log(1-p'),   p' = clip(p, EPSILON, 1-EPSILON)
// z is moved towards 1/2 by smoothing. 1-p is clipped itself: near 1, clip(p) would have lost its digits.
#import lib/cross_entropy

struct Params {
  size: u32,
  smoothing: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> predictions: array<vec4f>; // [size]
@group(0) @binding(2) var<storage, read> targets: array<vec4f>; // [size]
@group(0) @binding(3) var<storage, read_write> loss: array<vec4f>; // [size]

fn value(x: f32, target_value: f32) -> f32 {
  let z = smooth_target(target_value, params.smoothing, 2u);
  var result = 0.0;
  if (LOGITS == 1u) {
    result = max(x, 0.0) - x * z + log_one_plus(exp_negative(-abs(x)));
  } else {
    result = -z * log_clipped(x) - (1.0 - z) * log_clipped(1.0 - x);
  }
  return result;
}

// One invocation computes four elements, in a grid-stride loop.
// grid: min(ceil(size / 256), MAX_WORKGROUPS)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 64u) {
    let x = predictions[i];
    let z = targets[i];
    loss[i] = vec4f(value(x.x, z.x), value(x.y, z.y), value(x.z, z.z), value(x.w, z.w));
  }
}

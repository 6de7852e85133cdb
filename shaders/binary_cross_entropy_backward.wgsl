// Gradient of binary_cross_entropy with respect to the probabilities: (p - z) / (p (1-p)) times that of the loss, and 0
// where p is clipped.
#import lib/cross_entropy

const EPSILON: f32 = 1e-7;

struct Params {
  size: u32,
  smoothing: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> predictions: array<vec4f>; // [size]
@group(0) @binding(2) var<storage, read> targets: array<vec4f>; // [size]
@group(0) @binding(3) var<storage, read> gradient: array<vec4f>; // [size]
@group(0) @binding(4) var<storage, read_write> out: array<vec4f>; // [size]

fn derivative(p: f32, target_value: f32) -> f32 {
  if (p < EPSILON || p > 1.0 - EPSILON) {
    return 0.0;
  }
  return (p - smooth_target(target_value, params.smoothing, 2u)) / (p * (1.0 - p));
}

// One invocation computes four elements, then those one grid further, until the end.
// grid: min(ceil(size / 256), MOST)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 64u) {
    let p = predictions[i];
    let z = targets[i];
    let slope = vec4f(
      derivative(p.x, z.x),
      derivative(p.y, z.y),
      derivative(p.z, z.z),
      derivative(p.w, z.w),
    );
    // Not times 0: what is masked may be NaN.
    let g = gradient[i];
    out[i] = select(g * slope, vec4f(), g == vec4f());
  }
}

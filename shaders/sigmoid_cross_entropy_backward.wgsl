// Gradient of sigmoid_cross_entropy with respect to the logits: (sigmoid(x) - z) times that of the loss.
#import lib/cross_entropy

struct Params {
  size: u32,
  smoothing: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> predictions: array<vec4f>; // [size]
@group(0) @binding(2) var<storage, read> targets: array<vec4f>; // [size]
@group(0) @binding(3) var<storage, read> gradient: array<vec4f>; // [size]
@group(0) @binding(4) var<storage, read_write> out: array<vec4f>; // [size]

fn derivative(x: f32, target_value: f32) -> f32 {
  let e = exp_negative(-abs(x));
  let sigmoid = select(e, 1.0, x >= 0.0) / (1.0 + e);
  return sigmoid - smooth_target(target_value, params.smoothing, 2u);
}

// One invocation computes four elements, then those one grid further, until the end.
// grid: min(ceil(size / 256), MOST)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 64u) {
    let x = predictions[i];
    let z = targets[i];
    let slope = vec4f(
      derivative(x.x, z.x),
      derivative(x.y, z.y),
      derivative(x.z, z.z),
      derivative(x.w, z.w),
    );
    // Not times 0: what is masked may be NaN.
    let g = gradient[i];
    out[i] = select(g * slope, vec4f(), g == vec4f());
  }
}

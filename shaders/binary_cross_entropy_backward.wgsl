// Gradient of binary_cross_entropy with respect to its predictions, times that of the loss. With LOGITS: sigmoid(x) - z; else
// (p - z) / (p (1-p)), and 0 where p is clipped.
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
  let z = smooth_target(target_value, params.smoothing, 2u);
  var result = 0.0;
  if (LOGITS == 1u) {
    let e = exp_negative(-abs(x));
    result = select(e, 1.0, x >= 0.0) / (1.0 + e) - z;
  } else if (!is_clipped(x)) {
    result = (x - z) / (x * (1.0 - x));
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
    let slope = vec4f(derivative(x.x, z.x), derivative(x.y, z.y), derivative(x.z, z.z), derivative(x.w, z.w));
    // Not times 0: what is masked may be NaN.
    let g = gradient[i];
    out[i] = select(g * slope, vec4f(), g == vec4f());
  }
}

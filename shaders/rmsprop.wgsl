// RMSprop (Hinton 2012; Keras 3, epsilon inside the root):
//   v = rho * v + (1 - rho) * g * g;  a = rho * a + (1 - rho) * g   (a where centered, else 0)
//   u = rate * g / sqrt(v - a * a + epsilon);  m = momentum * m + u;  w -= m   (w -= u without momentum)
#import lib/gradient

struct Params {
  size: u32,
  guarded: u32, // whether a latched guard holds the weights still
  normIndex: u32, // of the norm that clipNorm limits
  clipNorm: f32,
  clipValue: f32,
  decay: f32, // the fraction of the weights that is taken off first
  learningRate: f32,
  rho: f32,
  oneMinusRho: f32,
  epsilon: f32,
  momentum: f32,
  hasMomentum: u32,
  centered: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>; // [size / 4]
@group(0) @binding(2) var<storage, read> norms: array<f32>; // see norms.wgsl, optional
@group(0) @binding(3) var<storage, read> guard: array<i32>; // [2] see norms.wgsl, optional
@group(0) @binding(4) var<storage, read_write> weight: array<vec4f>; // [size / 4]
@group(0) @binding(5) var<storage, read_write> velocity: array<vec4f>; // [size / 4]
@group(0) @binding(6) var<storage, read_write> average: array<vec4f>; // [size / 4], optional
@group(0) @binding(7) var<storage, read_write> change: array<vec4f>; // [size / 4], optional

// One workgroup updates 1024 weights, four a thread, then those one grid further, until the end.
// grid: min(ceil(size / 1024), MOST)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (params.guarded == 1u && guard[0] != 0) { return; }
  let scale = clipScale(params.clipNorm, norms[params.normIndex]);
  let quads = (params.size + 3u) / 4u;
  for (var i = id.x; i < quads; i += groups.x * 256u) {
    let g = clipGradient(gradient[i], scale, params.clipValue);
    let w = weight[i] - params.decay * weight[i];
    let v = params.rho * velocity[i] + params.oneMinusRho * g * g;
    velocity[i] = v;
    var spread = v;
    if (params.centered == 1u) {
      let a = params.rho * average[i] + params.oneMinusRho * g;
      average[i] = a;
      // A variance: rounding must not make it negative.
      spread = max(v - a * a, vec4f(0.0));
    }
    var u = params.learningRate * g / sqrt(spread + params.epsilon);
    if (params.hasMomentum == 1u) {
      u += params.momentum * change[i];
      change[i] = u;
    }
    weight[i] = w - u;
  }
}

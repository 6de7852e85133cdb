// Stochastic gradient descent (Keras 3), rate the learning rate:
//   w -= rate * g                                             without momentum
//   m = momentum * m - rate * g;  w += m                      with it
//   m = momentum * m - rate * g;  w += momentum * m - rate * g  with Nesterov's
#import lib/gradient

struct Params {
  size: u32,
  guarded: u32, // whether a latched guard holds the weights still
  normIndex: u32, // of the norm that clipNorm limits
  clipNorm: f32,
  clipValue: f32,
  decay: f32, // the fraction of the weights that is taken off first
  learningRate: f32,
  momentum: f32,
  hasVelocity: u32,
  nesterov: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>; // [size / 4]
@group(0) @binding(2) var<storage, read> norms: array<f32>; // see norms.wgsl, optional
@group(0) @binding(3) var<storage, read> guard: array<i32>; // [2] see norms.wgsl, optional
@group(0) @binding(4) var<storage, read_write> weight: array<vec4f>; // [size / 4]
@group(0) @binding(5) var<storage, read_write> velocity: array<vec4f>; // [size / 4], optional

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
    let change = -params.learningRate * g;
    if (params.hasVelocity == 0u) {
      weight[i] = w + change;
      continue;
    }
    let v = params.momentum * velocity[i] + change;
    velocity[i] = v;
    weight[i] = w + select(v, params.momentum * v + change, params.nesterov == 1u);
  }
}

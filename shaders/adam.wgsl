// Adam (Kingma and Ba 2015, the formula just before section 2.1; Keras 3, epsilon outside the bias correction):
//   m += (1 - beta1) * (g - m);  v += (1 - beta2) * (g * g - v)
//   w -= alpha * m / (sqrt(v) + epsilon),  alpha = rate * sqrt(1 - beta2^t) / (1 - beta1^t)
// AMSGrad (Reddi, Kale and Kumar 2018) divides by the root of the largest v so far.
#import lib/gradient

struct Params {
  size: u32,
  guarded: u32, // whether a latched guard holds the weights still
  normIndex: u32, // of the norm that clipNorm limits
  clipNorm: f32,
  clipValue: f32,
  decay: f32, // the fraction of the weights that is taken off first
  alpha: f32,
  oneMinusBeta1: f32,
  oneMinusBeta2: f32,
  epsilon: f32,
  amsgrad: u32, // compiled in, as the constant of this name
}

const AMSGRAD: u32 = 1u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>; // [size / 4]
@group(0) @binding(2) var<storage, read> norms: array<f32>; // see norms.wgsl, optional
@group(0) @binding(3) var<storage, read> guard: array<i32>; // [2] see norms.wgsl, optional
@group(0) @binding(4) var<storage, read_write> weight: array<vec4f>; // [size / 4]
@group(0) @binding(5) var<storage, read_write> momentum: array<vec4f>; // [size / 4]
@group(0) @binding(6) var<storage, read_write> velocity: array<vec4f>; // [size / 4]
@group(0) @binding(7) var<storage, read_write> velocityMax: array<vec4f>; // [size / 4], optional

// One workgroup updates 1024 weights, four a thread, then those one grid further, until the end.
// grid: min(ceil(size / 1024), MOST)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (params.guarded == 1u && guard[0] != 0) { return; }
  let scale = clipScale(params.clipNorm, norms[params.normIndex]);
  let quads = (params.size + 3u) / 4u;
  for (var i = id.x; i < quads; i += groups.x * 256u) {
    let g = clipGradient(gradient[i], scale, params.clipValue);
    let before = weight[i];
    var m = momentum[i];
    var v = velocity[i];
    m += params.oneMinusBeta1 * (g - m);
    v += params.oneMinusBeta2 * (g * g - v);
    momentum[i] = m;
    velocity[i] = v;
    if (AMSGRAD == 1u) {
      v = max(velocityMax[i], v);
      velocityMax[i] = v;
    }
    weight[i] = before - params.decay * before - params.alpha * m / (sqrt(v) + params.epsilon);
  }
}

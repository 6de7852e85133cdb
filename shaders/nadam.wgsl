// Nadam (Dozat 2016; Keras 3), with u_t = beta1 * (1 - 0.96^t / 2) and U_t the product of u_1 ... u_t:
//   m += (1 - beta1) * (g - m);  v += (1 - beta2) * (g * g - v)
//   w -= rate * (momentumScale * m + gradientScale * g) / (sqrt(velocityScale * v) + epsilon)
//   momentumScale = u_(t+1) / (1 - U_(t+1)),  gradientScale = (1 - u_t) / (1 - U_t),  velocityScale = 1 / (1 - beta2^t)
#import lib/gradient

struct Params {
  size: u32,
  guarded: u32, // whether a latched guard holds the weights still
  normIndex: u32, // of the norm that clipNorm limits
  clipNorm: f32,
  clipValue: f32,
  decay: f32, // the fraction of the weights that is taken off first
  learningRate: f32,
  oneMinusBeta1: f32,
  oneMinusBeta2: f32,
  epsilon: f32,
  momentumScale: f32,
  gradientScale: f32,
  velocityScale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>; // [size / 4]
@group(0) @binding(2) var<storage, read> norms: array<f32>; // see norms.wgsl, optional
@group(0) @binding(3) var<storage, read> guard: array<i32>; // [2] see norms.wgsl, optional
@group(0) @binding(4) var<storage, read_write> weight: array<vec4f>; // [size / 4]
@group(0) @binding(5) var<storage, read_write> momentum: array<vec4f>; // [size / 4]
@group(0) @binding(6) var<storage, read_write> velocity: array<vec4f>; // [size / 4]

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
    let m = momentum[i] + params.oneMinusBeta1 * (g - momentum[i]);
    let v = velocity[i] + params.oneMinusBeta2 * (g * g - velocity[i]);
    momentum[i] = m;
    velocity[i] = v;
    let ahead = params.momentumScale * m + params.gradientScale * g;
    weight[i] = w - params.learningRate * ahead / (sqrt(params.velocityScale * v) + params.epsilon);
  }
}

// Second dispatch of a matrix product with many k: sums the partial sums of its ranges in order, and ends as matmul.wgsl does.
#import activation: maps/linear
#import lib/nan

struct Params {
  M: u32,
  N: u32,
  ldc: u32,
  outOffset: u32,
  accumulate: u32,
  hasBias: u32,
  ranges: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partial: array<f32>; // [ranges,M,N]
@group(0) @binding(2) var<storage, read> bias: array<f32>; // [N]
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [M,N]

// One workgroup sums 64 results, in a grid-stride loop.
// grid: min(ceil(M * N / 64), MAX_WORKGROUPS)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let size = params.M * params.N;
  for (var i = id.x; i < size; i += groups.x * 64u) {
    let n = i % params.N;
    let o = params.outOffset + i / params.N * params.ldc + n;
    var sum = 0.0;
    if (params.accumulate == 1u) {
      sum = out[o];
    }
    if (params.hasBias == 1u) {
      sum += bias[n];
    }
    for (var range = 0u; range < params.ranges; range++) {
      sum += partial[range * size + i];
    }
    let value = vec4f(sum);
    out[o] = keep_nan4(value, activation(value, ACTIVATION_DEFAULTS)).x;
  }
}

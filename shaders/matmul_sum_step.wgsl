// Second dispatch of a matrix product with many k: sums the partial sums of matmul_split_step.wgsl in order, and ends as
// matmul.wgsl does.
#import lib/activations

struct Params {
  M: u32,
  N: u32,
  ldc: u32,
  outOffset: u32,
  accumulate: u32,
  hasBias: u32,
  activation: u32,
  splits: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partial: array<vec4f>; // [splits,M,ceil(N/4)]
@group(0) @binding(2) var<storage, read> bias: array<f32>; // [N]
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [M,N]

// One workgroup sums 64 times four neighbours, then those one grid further, until the end.
// grid: min(ceil(M * ceil(N / 4) / 64), 65535)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let across = (params.N + 3u) / 4u;
  let size = params.M * across;
  for (var i = id.x; i < size; i += groups.x * 64u) {
    var sums = vec4f();
    for (var split = 0u; split < params.splits; split++) {
      sums += partial[split * size + i];
    }
    let first = params.outOffset + i / across * params.ldc;
    let column = i % across * 4u;
    for (var j = 0u; j < 4u && column + j < params.N; j++) {
      let n = column + j;
      var value = sums[j];
      if (params.accumulate == 1u) {
        value += out[first + n];
      }
      if (params.hasBias == 1u) {
        value += bias[n];
      }
      out[first + n] = activate(params.activation, value);
    }
  }
}

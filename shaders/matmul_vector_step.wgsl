// The matrix product of matmul.wgsl where N and all strides and offsets are multiples of 4: four neighbours are one load or
// store.
#import lib/matmul

// An invocation's four columns are neighbours.
const SPREAD = 1u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [batch,M,K], or [batch,K,M] with transA
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [batch,K,N], or [batch,N,K] with transB; float32 or float16
@group(0) @binding(3) var<storage, read> bias: array<f32>; // [N] or [batch,N]
@group(0) @binding(4) var<storage, read> rowMask: array<i32>; // [M] or [K / run]
@group(0) @binding(5) var<storage, read_write> out: array<vec4f>; // [batch,M,N/4]

fn fourOfA(i: u32) -> vec4f {
  return a[i >> 2u];
}

fn fourOfB(i: u32, step: u32) -> vec4f {
  return vec4f(b[i >> 2u]);
}

fn emit(z: u32, row: u32, column: u32, values: vec4f) {
  if (column >= params.N) {
    return;
  }
  let i = (params.outOffset + z * params.outBatch + row * params.ldc + column) >> 2u;
  var before = vec4f();
  if (ACCUMULATE == 1u) {
    before = out[i];
  }
  var value = before + values;
  if (HAS_BIAS == 1u) {
    let n = z * params.biasBatch + column;
    value += vec4f(bias[n], bias[n + 1u], bias[n + 2u], bias[n + 3u]);
  }
  if (ACTIVATION != ACT_LINEAR) {
    value = activate4(ACTIVATION, value);
  }
  out[i] = value;
}

// One workgroup computes a tile of 32 BLOCKS x 32 BLOCKS results, then the one a grid further, until the end.
// grid: min(ceil(N / (32 * BLOCKS)), MOST), min(ceil(M / (32 * BLOCKS)), max(1, floor(MOST / ceil(N / (32 * BLOCKS))))), min(batch, 65535)
// turns: (1 + floor(MASK_MODE / 2)) * ceil(K / 4 / max(1, RANGES * batch)) + floor(MASK_MODE / 2) * ceil(K / run / max(1, RANGES * batch)) + 160
@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  computeTiles(group, groups, local.xy);
}

// First dispatch of a matrix product with many k and few results: partial sums over ranges of k. Params as in matmul.wgsl,
// but for the target, which is [splits,M,N/4] with ldc and outBatch to match.
#import lib/matmul

struct Params {
  M: u32,
  N: u32,
  K: u32,
  batch: u32,
  transA: u32,
  transB: u32,
  lda: u32,
  ldb: u32,
  ldc: u32,
  aOffset: u32,
  bOffset: u32,
  outOffset: u32,
  aBatch: u32,
  bBatch: u32,
  outBatch: u32,
  accumulate: u32,
  hasBias: u32,
  biasBatch: u32,
  activation: u32,
  maskMode: u32,
  maskOffset: u32,
  splits: u32,
  // k in a range, a multiple of 4.
  chunk: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M,K], or [K,M] with transA
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [K,N], or [N,K] with transB
@group(0) @binding(3) var<storage, read> rowMask: array<i32>; // [K]
@group(0) @binding(4) var<storage, read_write> partial: array<vec4f>; // [splits,M,N/4]

fn emit(z: u32, row: u32, column: u32, values: vec4f, lives: bool) {
  partial[(z * params.outBatch + row * params.ldc + column) >> 2u] = values;
}

// One workgroup computes a tile of 32 BLOCKS x 32 BLOCKS partial sums over one range of k.
// grid: min(ceil(M / (32 * BLOCKS)) * ceil(N / (32 * BLOCKS)) * splits, 65535)
@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let tiles = tilesOf(params.M) * tilesOf(params.N) * params.splits;
  for (var tile = group.x; tile < tiles; tile += groups.x) {
    let at = placeOf(tile, local.xy);
    if (!isInside(at)) {
      continue;
    }
    let first = at.z * params.chunk;
    computeTile(at, params.aOffset, params.bOffset, first, min(first + params.chunk, params.K));
  }
}

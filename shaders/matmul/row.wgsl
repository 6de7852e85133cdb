// matmul.wgsl for a few rows of A, of which some may be masked, and nothing transposed or added: a thread has four neighbouring
// columns of ROWS rows, and no tile of rows that are not there. N, K, offsets and strides are multiples of 4.
#import activation: maps/linear
#import lib/nan

struct Params {
  M: u32,
  N: u32,
  K: u32,
  lda: u32,
  ldb: u32,
  ldc: u32,
  aOffset: u32,
  bOffset: u32,
  outOffset: u32,
  maskOffset: u32,
}

// Rows of a thread: 1, 2 or 4.
const ROWS: u32 = 1u;
const HAS_BIAS: u32 = 0u;
const MASK_MODE: u32 = 0u; // 0 or 1

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M,K]
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [K,N]; float32 or float16
@group(0) @binding(3) var<storage, read> bias: array<vec4f>; // [N]
@group(0) @binding(4) var<storage, read> rowMask: array<i32>; // [M]
@group(0) @binding(5) var<storage, read_write> out: array<vec4f>; // [M,N]

fn four_of_a(row: u32, k: u32) -> vec4f {
  return a[(params.aOffset + min(row, params.M - 1u) * params.lda + k) / 4u];
}

fn store(row: u32, j: u32, sum: vec4f) {
  if (row >= params.M || (MASK_MODE == 1u && rowMask[params.maskOffset + row] == 0)) { return; }
  var value = sum;
  if (HAS_BIAS == 1u) { value += bias[j]; }
  out[(params.outOffset + row * params.ldc) / 4u + j] = keep_nan4(value, activation(value, ACTIVATION_DEFAULTS));
}

// One workgroup computes 64 columns of ROWS rows.
// grid: ceil(N / 64), ceil(M / ROWS)
// iterations: ceil(K / 4)
@compute @workgroup_size(16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let j = group.x * 16u + local.x;
  if (j >= params.N / 4u) { return; }
  let row = group.y * ROWS;
  let step = params.ldb / 4u;
  var s0 = vec4f();
  var s1 = vec4f();
  var s2 = vec4f();
  var s3 = vec4f();
  var at = params.bOffset / 4u + j;
  for (var k = 0u; k < params.K; k += 4u) {
    let w = mat4x4f(vec4f(b[at]), vec4f(b[at + step]), vec4f(b[at + 2u * step]), vec4f(b[at + 3u * step]));
    s0 += w * four_of_a(row, k);
    if (ROWS > 1u) { s1 += w * four_of_a(row + 1u, k); }
    if (ROWS > 2u) {
      s2 += w * four_of_a(row + 2u, k);
      s3 += w * four_of_a(row + 3u, k);
    }
    at += 4u * step;
  }
  store(row, j, s0);
  if (ROWS > 1u) { store(row + 1u, j, s1); }
  if (ROWS > 2u) {
    store(row + 2u, j, s2);
    store(row + 3u, j, s3);
  }
}

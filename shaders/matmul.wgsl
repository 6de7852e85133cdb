// out = activation(op(A) op(B) + bias), or out = activation(out + op(A) op(B) + bias) with accumulate; op transposes or not.
// ld*: elements from one row to the next; *Offset: elements before the first; *Batch: elements from one product of the
// batch to the next, 0 where all share one.
// maskMode 1: rows of out where rowMask[maskOffset + row] is 0 are left as they are; nothing is computed where all rows of
//   a block are masked, and what A holds there does not matter, NaN included.
// maskMode 2: k comes in runs of length `run`. Of run r the first rowMask[maskOffset + r] count; the others are known to bring
//   nothing, one factor being 0 and the other finite, and are left out but for three of a run.
// activation: a code of lib/activations.
#import lib/matmul

// Neighbouring invocations have neighbouring columns.
const SPREAD = 8u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [batch,M,K], or [batch,K,M] with transA
@group(0) @binding(2) var<storage, read> b: array<f32>; // [batch,K,N], or [batch,N,K] with transB; float32 or float16
@group(0) @binding(3) var<storage, read> bias: array<f32>; // [N] or [batch,N]
@group(0) @binding(4) var<storage, read> rowMask: array<i32>; // [M] or [K / run]
@group(0) @binding(5) var<storage, read_write> out: array<f32>; // [batch,M,N]

fn fourOfA(i: u32) -> vec4f {
  return vec4f(a[i], a[i + 1u], a[i + 2u], a[i + 3u]);
}

fn fourOfB(i: u32, step: u32) -> vec4f {
  return vec4f(f32(b[i]), f32(b[i + step]), f32(b[i + 2u * step]), f32(b[i + 3u * step]));
}

fn emit(z: u32, row: u32, column: u32, values: vec4f) {
  let first = params.outOffset + z * params.outBatch + row * params.ldc;
  let columns = vec4u(column, column + SPREAD, column + 2u * SPREAD, column + 3u * SPREAD);
  var before = vec4f();
  if (ACCUMULATE == 1u) {
    let i = columns + first;
    before = vec4f(out[i.x], out[i.y], out[i.z], out[i.w]);
  }
  var value = before + values;
  if (HAS_BIAS == 1u) {
    let n = columns + z * params.biasBatch;
    value += vec4f(bias[n.x], bias[n.y], bias[n.z], bias[n.w]);
  }
  if (ACTIVATION != ACT_LINEAR) {
    value = activate4(ACTIVATION, value);
  }
  for (var j = 0u; j < 4u && columns[j] < params.N; j++) {
    out[first + columns[j]] = value[j];
  }
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

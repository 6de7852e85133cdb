// out = activation(op(A) op(B) + bias), or out = activation(out + op(A) op(B) + bias) with accumulate; op transposes or not.
// ld*: elements from one row to the next; *Offset: elements before the first; *Batch: elements from one product of the
// batch to the next, 0 where all share one.
// maskMode 1: rows of out where rowMask[maskOffset + row] is 0 are left as they are; nothing is computed where all rows of
//   a block are masked, and what A holds there does not matter, NaN included.
// maskMode 2: k comes in runs of length `run`. Of run r the first rowMask[maskOffset + r] count; the others are known to bring
//   nothing, one factor being 0 and the other finite, and are left out but for three of a run.
//
// Everything is in registers: no workgroup memory, no barrier. An invocation holds 4 BLOCKS rows of 4 BLOCKS results. With four rows
// of B as the columns of a mat4x4, its product with four neighbours of a row of A is their share in four results of that row. Reads
// beyond an edge are harmless: WebGPU keeps them in the binding, and what they give is never stored.
#import view: views/elements
#import activation: maps/linear
#import lib/nan

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
  maskMode: u32,
  maskOffset: u32,
  run: u32,
}

// Set by src/webgpu/matmul.ts from the params of their name, of which the others would be branches: a software GPU takes both sides.
const TRANS_A: u32 = 0u;
const TRANS_B: u32 = 0u;
const ACCUMULATE: u32 = 0u;
const HAS_BIAS: u32 = 0u;
const MASK_MODE: u32 = 0u;
// 1: the batch is no batch but ranges of the k of one product, and what is stored are partial sums.
const RANGES: u32 = 0u;
// 1: K is no multiple of 4.
const RAGGED: u32 = 1u;
// Blocks of 4 x 4 on each side of what an invocation computes: 1 or 2.
const BLOCKS: u32 = 2u;

@group(0) @binding(0) var<uniform> params: Params;
// a, b and out, 1, 2 and 5, are declared by the view.
@group(0) @binding(3) var<storage, read> bias: array<f32>; // [N] or [batch,N]
@group(0) @binding(4) var<storage, read> rowMask: array<i32>; // [M] or [K / run]

struct Place {
  row: u32,
  column: u32,
  // Which product of the batch, or which range of k.
  z: u32,
}

// Which of an invocation's rows are to be stored, a bit each.
fn live_rows(row: u32) -> u32 {
  if (MASK_MODE != 1u) {
    return 0xffu;
  }
  var live = 0u;
  for (var i = 0u; i < 4u * BLOCKS; i++) {
    live |= select(0u, 1u << i, row + i < params.M && rowMask[params.maskOffset + row + i] != 0);
  }
  return live;
}

// Four rows of op(A), by columns of the result: four k each.
fn rows_of_a(i: u32) -> mat4x4f {
  let s = params.lda;
  let m = mat4x4f(view_a(i), view_a(i + s), view_a(i + 2u * s), view_a(i + 3u * s));
  if (TRANS_A == 1u) {
    return transpose(m);
  }
  return m;
}

// Four k of op(B), by columns of the result: four columns of op(B) each.
fn columns_of_b(i: u32) -> mat4x4f {
  let s = select(params.ldb, VIEW_SPREAD * params.ldb, TRANS_B == 1u);
  let step = select(VIEW_SPREAD, 1u, TRANS_B == 1u);
  let m = mat4x4f(view_b(i, step), view_b(i + s, step), view_b(i + 2u * s, step), view_b(i + 3u * s, step));
  if (TRANS_B == 1u) {
    return transpose(m);
  }
  return m;
}

// Past K both factors become 0: the other one may hold NaN.
fn keep_a(m: mat4x4f, live: vec4<bool>) -> mat4x4f {
  if (RAGGED == 0u) {
    return m;
  }
  let no = vec4f();
  return mat4x4f(select(no, m[0], live), select(no, m[1], live), select(no, m[2], live), select(no, m[3], live));
}

fn keep_b(m: mat4x4f, live: vec4<bool>) -> mat4x4f {
  if (RAGGED == 0u) {
    return m;
  }
  let no = vec4f();
  return mat4x4f(select(no, m[0], live.x), select(no, m[1], live.y), select(no, m[2], live.z), select(no, m[3], live.w));
}

// Behind what counts of a run, in whole fours.
fn end_of_run(run: u32) -> u32 {
  return (run * params.run + u32(rowMask[params.maskOffset + run]) + 3u) & ~3u;
}

fn store(z: u32, row: u32, column: u32, sums: vec4f) {
  let columns = vec4u(column) + VIEW_SPREAD * vec4u(0u, 1u, 2u, 3u);
  let first = params.outOffset + z * params.outBatch + row * params.ldc;
  var value = sums;
  if (ACCUMULATE == 1u) { value = view_out(columns + first) + sums; }
  if (HAS_BIAS == 1u) {
    let n = columns + z * params.biasBatch;
    value += vec4f(bias[n.x], bias[n.y], bias[n.z], bias[n.w]);
  }
  view_store(columns + first, columns < vec4u(params.N), keep_nan4(value, activation(value, ACTIVATION_DEFAULTS)));
}

fn compute_tile(at: Place) {
  // Accumulators of rows 0 to 7: left and right columns. Those of an array would not stay in registers everywhere.
  var l0 = vec4f();
  var r0 = vec4f();
  var l1 = vec4f();
  var r1 = vec4f();
  var l2 = vec4f();
  var r2 = vec4f();
  var l3 = vec4f();
  var r3 = vec4f();
  var l4 = vec4f();
  var r4 = vec4f();
  var l5 = vec4f();
  var r5 = vec4f();
  var l6 = vec4f();
  var r6 = vec4f();
  var l7 = vec4f();
  var r7 = vec4f();
  let a_row = select(params.lda, 1u, TRANS_A == 1u);
  let a_step = select(1u, params.lda, TRANS_A == 1u);
  let b_column = select(1u, params.ldb, TRANS_B == 1u);
  let b_step = select(params.ldb, 1u, TRANS_B == 1u);
  var a0 = params.aOffset + at.row * a_row;
  var b0 = params.bOffset + at.column * b_column;
  var first = 0u;
  var end = params.K;
  if (RANGES == 1u) {
    let range = ((params.K + params.batch - 1u) / params.batch + 3u) / 4u * 4u;
    first = at.z * range;
    end = min(first + range, params.K);
  } else {
    a0 += at.z * params.aBatch;
    b0 += at.z * params.bBatch;
  }
  let rows = live_rows(at.row);
  if (rows == 0u) {
    end = first;
  }
  // The run of k that is being added up, and where those of it that count end.
  var run = 0u;
  var k = first;
  var stop = end;
  if (MASK_MODE == 2u) {
    run = first / params.run;
    stop = min(end_of_run(run), end);
  }
  loop {
    // To the next run; no four is taken twice. A loop of its own, in which no sum changes, so that sums stay where they are.
    while (MASK_MODE == 2u && k >= stop && k < end) {
      run++;
      k = max(k, (run * params.run) & ~3u);
      stop = min(end_of_run(run), end);
    }
    if (k >= end) { break; }
    let live = vec4u(k, k + 1u, k + 2u, k + 3u) < vec4u(end);
    let i = a0 + k * a_step;
    let j = b0 + k * b_step;
    let upper = keep_a(rows_of_a(i), live);
    let left = keep_b(columns_of_b(j), live);
    l0 += left * upper[0];
    l1 += left * upper[1];
    l2 += left * upper[2];
    l3 += left * upper[3];
    if (BLOCKS == 2u) {
      let lower = keep_a(rows_of_a(i + 4u * a_row), live);
      let right = keep_b(columns_of_b(j + 32u * b_column), live);
      r0 += right * upper[0];
      r1 += right * upper[1];
      r2 += right * upper[2];
      r3 += right * upper[3];
      l4 += left * lower[0];
      r4 += right * lower[0];
      l5 += left * lower[1];
      r5 += right * lower[1];
      l6 += left * lower[2];
      r6 += right * lower[2];
      l7 += left * lower[3];
      r7 += right * lower[3];
    }
    k += 4u;
  }
  // A loop, so that what follows is in the program once.
  var sums = array<vec4f, 16>(l0, r0, l1, r1, l2, r2, l3, r3, l4, r4, l5, r5, l6, r6, l7, r7);
  for (var i = 0u; i < select(4u * BLOCKS, 0u, rows == 0u); i++) {
    for (var j = 0u; j < BLOCKS; j++) {
      if (at.row + i < params.M && ((rows >> i) & 1u) == 1u) {
        store(at.z, at.row + i, at.column + 32u * j, sums[2u * i + j]);
      }
    }
  }
}

// A workgroup's tiles, in a grid-stride loop. Neighbouring invocations load neighbouring columns; the rows of one are together, so
// that masked ones are met together.
fn compute_tiles(group: vec3u, groups: vec3u, local: vec2u) {
  let side = 32u * BLOCKS;
  let across = local.x * select(1u, 4u, VIEW_SPREAD == 1u);
  let down = local.y * 4u * BLOCKS;
  for (var z = group.z; z < params.batch; z += groups.z) {
    for (var row = group.y * side + down; row < params.M; row += groups.y * side) {
      for (var column = group.x * side + across; column < params.N; column += groups.x * side) {
        compute_tile(Place(row, column, z));
      }
    }
  }
}

// One workgroup computes a tile of 32 BLOCKS x 32 BLOCKS results, in a grid-stride loop.
// grid: min(ceil(N / (32 * BLOCKS)), MAX_WORKGROUPS), min(ceil(M / (32 * BLOCKS)), max(1, floor(MAX_WORKGROUPS / ceil(N / (32 * BLOCKS))))), min(batch, 65535)
// iterations: (1 + floor(MASK_MODE / 2)) * ceil(K / 4 / max(1, RANGES * batch)) + floor(MASK_MODE / 2) * ceil(K / run / max(1, RANGES * batch)) + 160
@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  compute_tiles(group, groups, local.xy);
}

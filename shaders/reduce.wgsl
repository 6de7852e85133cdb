// out = scale * a reduction of the rows r of x[offset + o * outerStride + r * rowStride + c], for every block o and column c. Tall
// inputs are cut into parts, part p having the rows p, p + parts, p + 2 parts, ...; a second dispatch reduces the parts. No workgroup
// memory and no barrier: every invocation reduces one part of one column (or of four), and neighbours read neighbours in memory. The
// order of additions follows from the shape alone: same input, same bits.
#import reduction: reductions/sum

// What four neighbours in memory are: 0: nothing in particular (one at a time); 1: four columns; 2: four rows.
const FOUR: u32 = 0u;
// 1: the row is the contiguous axis, and there is one column; out is then [outer, parts] instead of [parts, outer, columns].
const ALONG: u32 = 0u;
// 1: row r counts only where rowMask[maskOffset + r] is not 0. Not where FOUR is 2.
const MASKED: u32 = 0u;

struct Params {
  outer: u32,
  rows: u32, // where FOUR is 2 a multiple of 4
  columns: u32, // where FOUR is 1 a multiple of 4
  parts: u32,
  outerStride: u32, // strides and offset in elements; where FOUR is 1 or 2 multiples of 4 (but for a rowStride of 1)
  rowStride: u32,
  offset: u32, // of x
  outOffset: u32,
  scale: f32,
  accumulate: u32, // 1: out += the result
  maskOffset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [outer, rows, columns] by the strides
@group(0) @binding(2) var<storage, read> rowMask: array<i32>; // [rows] from maskOffset on
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // from outOffset on

// Choices by a constant are if and else with one exit: after an early return a software GPU keeps both branches.
fn load(at: u32) -> vec4f {
  var v = x[at >> 2u];
  if (FOUR == 0u) { v = vec4f(x[at >> 2u][at & 3u]); }
  return reduction_of(v);
}

fn counts(r: u32) -> bool {
  var yes = true;
  if (MASKED == 1u) { yes = rowMask[params.maskOffset + r] != 0; }
  return yes;
}

fn fold(at: u32, part: u32) -> vec4f {
  var total = reduction_start(vec4f(params.scale));
  if (FOUR == 2u) {
    for (var r = part * 4u; r < params.rows; r += params.parts * 4u) { total = reduction(total, load(at + r)); }
    total = reduction(total, total.zwxy);
    total = reduction(total, total.yxwz);
  } else {
    for (var r = part; r < params.rows; r += params.parts) {
      if (counts(r)) { total = reduction(total, load(at + r * params.rowStride)); }
    }
  }
  return total;
}

fn store(at: u32, value: f32) {
  let scaled = value * params.scale;
  if (params.accumulate == 1u) { out[at] += scaled; } else { out[at] = scaled; }
}

// One workgroup computes 64 parts of columns (of four columns where FOUR is 1), in a grid-stride loop.
// grid: min(ceil(outer * parts * columns / 64 / max(1, (FOUR % 2) * 4)), MAX_WORKGROUPS)
// iterations: ceil(rows / parts)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let width = select(1u, 4u, FOUR == 1u);
  let across = params.columns / width;
  for (var i = id.x; i < params.outer * params.parts * across; i += groups.x * 64u) {
    var part = i % params.parts;
    var o = i / params.parts;
    var column = 0u;
    if (ALONG == 0u) {
      column = i % across * width;
      o = i / across % params.outer;
      part = i / across / params.outer;
    }
    let total = fold(params.offset + o * params.outerStride + column, part);
    let at = params.outOffset + i * width;
    store(at, total.x);
    if (FOUR == 1u) {
      store(at + 1u, total.y);
      store(at + 2u, total.z);
      store(at + 3u, total.w);
    }
  }
}

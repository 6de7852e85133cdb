// out[p,o,c] = scale * op over the rows r of part p of x[offset + o * outerStride + r * rowStride + c]: the sum of squares,
// the sum, the largest or the smallest. x is [outer, rows, columns]; rows may be the contiguous axis (columns = 1).
// Parts cut tall inputs into pieces for several workgroups; a second dispatch reduces the parts. The order of additions
// follows from the shape alone: same input, same bits.

const SUM = 0u;
const MAX = 1u;
const MIN = 2u;
const SUM_SQUARES = 3u;

const OP: u32 = 0u;
// Invocations that share the rows of one output: 1, 16 or 256.
const LANES: u32 = 16u;
// What four neighbours in memory are: 0: nothing in particular (one at a time); 1: four columns; 2: four rows.
const FOUR: u32 = 0u;

struct Params {
  outer: u32,
  rows: u32,
  columns: u32,
  parts: u32,
  rowsPerPart: u32, // a multiple of 4 where FOUR is 2
  outerStride: u32, // strides and offsets in elements; multiples of 4 where FOUR is not 0, but for FOUR 2's rowStride, 1
  rowStride: u32,
  offset: u32, // of x
  outOffset: u32,
  scale: f32,
  accumulate: u32, // 1: out += the result
  masked: u32, // 1: row r counts only where rowMask[maskOffset + r] is not 0; not where FOUR is 2
  maskOffset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>; // [outer, rows, columns] by the strides
@group(0) @binding(2) var<storage, read> rowMask: array<i32>; // [rows]
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [parts, outer, columns] from outOffset on

var<workgroup> scratch: array<vec4<f32>, 256>;

fn identity() -> vec4<f32> {
  // Infinity, but not as a constant expression: WGSL refuses that.
  let infinity = vec4(bitcast<f32>((params.rows & 0u) | 0x7f800000u));
  switch OP {
    case MAX: { return -infinity; }
    case MIN: { return infinity; }
    default: { return vec4(0.0); }
  }
}

fn combine(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  switch OP {
    case MAX: { return max(a, b); }
    case MIN: { return min(a, b); }
    default: { return a + b; }
  }
}

fn load(at: u32) -> vec4<f32> {
  var v: vec4<f32>;
  if (FOUR == 0u) {
    v = vec4(x[at >> 2u][at & 3u]);
  } else {
    v = x[at >> 2u];
  }
  if (OP == SUM_SQUARES) { return v * v; }
  return v;
}

fn fold_row(so_far: vec4<f32>, at: u32, r: u32) -> vec4<f32> {
  if (params.masked == 1u && rowMask[params.maskOffset + r] == 0) { return so_far; }
  return combine(so_far, load(at + r * params.rowStride));
}

// The part's rows that fall to a lane, one after the other.
fn fold(at: u32, part: u32, lane: u32) -> vec4<f32> {
  var total = identity();
  let start = part * params.rowsPerPart;
  let end = min(start + params.rowsPerPart, params.rows);
  if (FOUR != 2u) {
    for (var r = start + lane; r < end; r += LANES) { total = fold_row(total, at, r); }
    return total;
  }
  for (var r = start + lane * 4u; r < end; r += LANES * 4u) { total = combine(total, load(at + r)); }
  let half = combine(total, total.zwxy);
  return combine(half, half.yxwz);
}

// What the lanes found, put together in the invocations of lane 0.
fn join(mine: vec4<f32>, lane: u32, index: u32) -> vec4<f32> {
  if (LANES == 1u) { return mine; }
  let columns = 256u / LANES;
  workgroupBarrier();
  scratch[lane * columns + index] = mine;
  workgroupBarrier();
  if (LANES == 256u) {
    var part = identity();
    if (lane < 16u) {
      for (var k = lane * 16u; k < lane * 16u + 16u; k++) { part = combine(part, scratch[k]); }
    }
    workgroupBarrier();
    if (lane < 16u) { scratch[lane] = part; }
    workgroupBarrier();
  }
  var total = identity();
  if (lane == 0u) {
    for (var k = 0u; k < 16u; k++) { total = combine(total, scratch[k * columns + index]); }
  }
  return total;
}

fn store(at: u32, value: f32) {
  let scaled = value * params.scale;
  if (params.accumulate == 1u) { out[at] += scaled; } else { out[at] = scaled; }
}

// One workgroup computes 256 / LANES outputs (fours of them where FOUR is 1) of a part, then those one grid further.
// grid: min(ceil(outer * columns / 256 * LANES / max(1, (FOUR % 2) * 4)), 65535), parts
@compute @workgroup_size(256)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let width = select(1u, 4u, FOUR == 1u);
  let per_group = 256u / LANES;
  // Neighbours in memory go to neighbouring invocations.
  let rows_first = params.columns == 1u;
  let lane = select(local / per_group, local % LANES, rows_first);
  let index = select(local % per_group, local / LANES, rows_first);
  let across = params.columns / width;
  let outputs = params.outer * across;
  for (var first = group.x * per_group; first < outputs; first += groups.x * per_group) {
    let i = min(first + index, outputs - 1u);
    let column = (i % across) * width;
    let o = i / across;
    let total = join(fold(params.offset + o * params.outerStride + column, group.y, lane), lane, index);
    if (lane == 0u && first + index < outputs) {
      let at = params.outOffset + (group.y * params.outer + o) * params.columns + column;
      store(at, total.x);
      if (width == 4u) {
        store(at + 1u, total.y);
        store(at + 2u, total.z);
        store(at + 3u, total.w);
      }
    }
  }
}

// The product of rows of op(A) and columns of op(B), in registers: no workgroup memory, no barrier. An invocation holds
// 4 BLOCKS rows of results. With four rows of B as the columns of a mat4x4, its product with four neighbours of a row of A is
// their share in four results of that row.
// The kernel that imports this declares params, a, b, bias, rowMask and
//   emit(z, row, column, values, lives)   stores four neighbouring results; nothing was computed for a row that does not live
// Reads beyond an edge are harmless: WebGPU keeps them in the binding, and what they give is never stored.
#import lib/activations

const TRANS_A: u32 = 0u;
const TRANS_B: u32 = 0u;
// 1: row stride, offset and batch stride are multiples of 4, so that four neighbours are one load.
const VECTOR_A: u32 = 0u;
const VECTOR_B: u32 = 0u;
// 1: some k must be left out, since K is no multiple of 4 or a mask covers the k axis.
const GUARD: u32 = 1u;
// Blocks of 4 x 4 on each side of what an invocation computes: 1 or 2.
const BLOCKS: u32 = 2u;

struct Place {
  row: u32,
  column: u32,
  // Which product of the batch, or which range of k.
  z: u32,
}

fn tilesOf(extent: u32) -> u32 {
  return (extent + 32u * BLOCKS - 1u) / (32u * BLOCKS);
}

// Neighbouring invocations load neighbouring columns; the rows of one are together, so that masked ones are met together.
fn placeOf(tile: u32, local: vec2u) -> Place {
  let across = tilesOf(params.N);
  let down = tilesOf(params.M);
  let row = (tile / across) % down * 32u * BLOCKS + local.y * 4u * BLOCKS;
  let column = tile % across * 32u * BLOCKS + local.x * 4u;
  return Place(row, column, tile / (across * down));
}

fn isInside(at: Place) -> bool {
  return at.row < params.M && at.column < params.N;
}

fn rowLives(row: u32) -> bool {
  return params.maskMode != 1u || (row < params.M && rowMask[params.maskOffset + row] != 0);
}

fn anyRowLives(row: u32) -> bool {
  for (var i = 0u; i < 4u * BLOCKS; i++) {
    if (rowLives(row + i)) {
      return true;
    }
  }
  return false;
}

fn fourOfA(i: u32) -> vec4f {
  if (VECTOR_A == 1u) {
    return a[i >> 2u];
  }
  let j = vec4u(i, i + 1u, i + 2u, i + 3u);
  let q = j >> vec4u(2u);
  let r = j & vec4u(3u);
  return vec4f(a[q.x][r.x], a[q.y][r.y], a[q.z][r.z], a[q.w][r.w]);
}

fn fourOfB(i: u32) -> vec4f {
  if (VECTOR_B == 1u) {
    return b[i >> 2u];
  }
  let j = vec4u(i, i + 1u, i + 2u, i + 3u);
  let q = j >> vec4u(2u);
  let r = j & vec4u(3u);
  return vec4f(b[q.x][r.x], b[q.y][r.y], b[q.z][r.z], b[q.w][r.w]);
}

// Columns: the rows of op(A) from `i` on, four k each.
fn blockOfA(i: u32) -> mat4x4f {
  let s = params.lda;
  let m = mat4x4f(fourOfA(i), fourOfA(i + s), fourOfA(i + 2u * s), fourOfA(i + 3u * s));
  if (TRANS_A == 1u) {
    return transpose(m);
  }
  return m;
}

// Columns: four k, four columns of op(B) each.
fn blockOfB(i: u32) -> mat4x4f {
  let s = params.ldb;
  let m = mat4x4f(fourOfB(i), fourOfB(i + s), fourOfB(i + 2u * s), fourOfB(i + 3u * s));
  if (TRANS_B == 1u) {
    return transpose(m);
  }
  return m;
}

// Which of k ... k+3 count.
fn liveAt(k: u32, end: u32) -> vec4<bool> {
  let ks = vec4u(k, k + 1u, k + 2u, k + 3u);
  var live = ks < vec4u(end);
  if (params.maskMode == 2u) {
    let m = ks + vec4u(params.maskOffset);
    live = live & (vec4i(rowMask[m.x], rowMask[m.y], rowMask[m.z], rowMask[m.w]) != vec4i(0));
  }
  return live;
}

// What does not count becomes 0 in both factors: the other one may hold NaN.
fn keepA(m: mat4x4f, live: vec4<bool>) -> mat4x4f {
  if (GUARD == 0u || all(live)) {
    return m;
  }
  let no = vec4f();
  return mat4x4f(select(no, m[0], live), select(no, m[1], live), select(no, m[2], live), select(no, m[3], live));
}

fn keepB(m: mat4x4f, live: vec4<bool>) -> mat4x4f {
  if (GUARD == 0u || all(live)) {
    return m;
  }
  let no = vec4f();
  return mat4x4f(select(no, m[0], live.x), select(no, m[1], live.y), select(no, m[2], live.z), select(no, m[3], live.w));
}

// The products over k in [first, end) of the invocation at `at`, where op(A)[0, 0] and op(B)[0, 0] are at the offsets.
fn computeTile(at: Place, aOffset: u32, bOffset: u32, first: u32, end: u32) {
  // Accumulators of rows 0 to 7: left and right columns. Scalars of an array would not stay in registers everywhere.
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
  let aRow = select(params.lda, 1u, TRANS_A == 1u);
  let aStep = select(1u, params.lda, TRANS_A == 1u);
  let bColumn = select(1u, params.ldb, TRANS_B == 1u);
  let bStep = select(params.ldb, 1u, TRANS_B == 1u);
  let a0 = aOffset + at.row * aRow;
  let b0 = bOffset + at.column * bColumn;
  for (var k = select(end, first, anyRowLives(at.row)); k < end; k += 4u) {
    var live = vec4<bool>(true);
    if (GUARD == 1u) {
      live = liveAt(k, end);
      if (!any(live)) {
        continue;
      }
    }
    let i = a0 + k * aStep;
    let j = b0 + k * bStep;
    let upper = keepA(blockOfA(i), live);
    let left = keepB(blockOfB(j), live);
    l0 += left * upper[0];
    l1 += left * upper[1];
    l2 += left * upper[2];
    l3 += left * upper[3];
    if (BLOCKS == 2u) {
      let lower = keepA(blockOfA(i + 4u * aRow), live);
      let right = keepB(blockOfB(j + 32u * bColumn), live);
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
  }
  // A loop, so that what follows is in the program once.
  let sums = array<vec4f, 16>(l0, r0, l1, r1, l2, r2, l3, r3, l4, r4, l5, r5, l6, r6, l7, r7);
  for (var i = 0u; i < 4u * BLOCKS; i++) {
    let row = at.row + i;
    for (var j = 0u; j < BLOCKS; j++) {
      let column = at.column + 32u * j;
      if (row < params.M && column < params.N) {
        emit(at.z, row, column, sums[2u * i + j], rowLives(row));
      }
    }
  }
}

// The product of a block of rows of op(A) and a block of columns of op(B), in registers: no workgroup memory, no barrier.
// An invocation holds BLOCKS x BLOCKS blocks of 4 x 4 results. With the rows of A's block as the columns of one mat4x4 and
// the rows of B's as those of another, (B A) is the block of results: its columns are the rows of the product.
// The kernel that imports this declares params, a, b, bias, rowMask and
//   emit(z, row, column, values)   stores four neighbouring results
//   emitActivated(z, row, column)  replaces four stored results by their activation
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

// First digit: upper or lower four rows; second: left or right columns, which are 32 apart.
struct Product {
  c00: mat4x4f,
  c01: mat4x4f,
  c10: mat4x4f,
  c11: mat4x4f,
}

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
  let no = vec4f();
  return mat4x4f(select(no, m[0], live), select(no, m[1], live), select(no, m[2], live), select(no, m[3], live));
}

fn keepB(m: mat4x4f, live: vec4<bool>) -> mat4x4f {
  let no = vec4f();
  return mat4x4f(select(no, m[0], live.x), select(no, m[1], live.y), select(no, m[2], live.z), select(no, m[3], live.w));
}

// The products over k in [first, end), from the elements a0 and b0 of op(A)[row, 0] and op(B)[0, column] on.
fn product(a0: u32, b0: u32, first: u32, end: u32) -> Product {
  var c: Product;
  let aRow = select(params.lda, 1u, TRANS_A == 1u);
  let aStep = select(1u, params.lda, TRANS_A == 1u);
  let bStep = select(params.ldb, 1u, TRANS_B == 1u);
  let bColumn = select(1u, params.ldb, TRANS_B == 1u);
  for (var k = first; k < end; k += 4u) {
    var live = vec4<bool>(true);
    if (GUARD == 1u) {
      live = liveAt(k, end);
      if (!any(live)) {
        continue;
      }
    }
    let i = a0 + k * aStep;
    let j = b0 + k * bStep;
    var upper = blockOfA(i);
    var left = blockOfB(j);
    if (GUARD == 1u) {
      upper = keepA(upper, live);
      left = keepB(left, live);
    }
    c.c00 += left * upper;
    if (BLOCKS == 2u) {
      var lower = blockOfA(i + 4u * aRow);
      var right = blockOfB(j + 32u * bColumn);
      if (GUARD == 1u) {
        lower = keepA(lower, live);
        right = keepB(right, live);
      }
      c.c01 += right * upper;
      c.c10 += left * lower;
      c.c11 += right * lower;
    }
  }
  return c;
}

fn productAt(at: Place, aOffset: u32, bOffset: u32, first: u32, end: u32) -> Product {
  let aRow = select(params.lda, 1u, TRANS_A == 1u);
  let bColumn = select(1u, params.ldb, TRANS_B == 1u);
  return product(aOffset + at.row * aRow, bOffset + at.column * bColumn, first, end);
}

fn emitBlock(z: u32, row: u32, column: u32, rows: mat4x4f) {
  emit(z, row, column, rows[0]);
  emit(z, row + 1u, column, rows[1]);
  emit(z, row + 2u, column, rows[2]);
  emit(z, row + 3u, column, rows[3]);
}

fn emitProduct(at: Place, c: Product) {
  emitBlock(at.z, at.row, at.column, c.c00);
  if (BLOCKS == 2u) {
    emitBlock(at.z, at.row, at.column + 32u, c.c01);
    emitBlock(at.z, at.row + 4u, at.column, c.c10);
    emitBlock(at.z, at.row + 4u, at.column + 32u, c.c11);
  }
}

// One call site of activate: in emit it would be inlined sixteen times.
fn activateProduct(at: Place) {
  for (var i = 0u; i < 4u * BLOCKS; i++) {
    for (var j = 0u; j < BLOCKS; j++) {
      let row = at.row + i;
      let column = at.column + 32u * j;
      if (row < params.M && column < params.N && rowLives(row)) {
        emitActivated(at.z, row, column);
      }
    }
  }
}

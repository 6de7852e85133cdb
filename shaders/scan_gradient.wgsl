// The gradients of scan.wgsl, by a scan in reverse. With f[s] = a[s], or 1 - a[s] where gated, and ' for the complex conjugate:
//   g[s] = dh[s] + f'[s+1] g[s+1]
//   da[s] = h'[s-1] g[s], db[s] = g[s]   or gated:  da[s] = (b[s] - h[s-1]) g[s], db[s] = a[s] g[s]
// and f'[0] g[0] is the gradient of the state before the first step.
// group: scan
// plan: scan
#import number: numbers/real

// 1: the gated form.
const GATED: u32 = 0u;

struct Params {
  outer: u32,
  rows: u32,
  columns: u32, // numbers in a row
  aOuter: u32, // strides of a, in numbers; 0 where it is the same along an axis
  aRow: u32,
  aColumn: u32,
  reversed: u32, // as forward
  hasStart: u32, // 0: the state before the first step was zero
  hasDa: u32,
  hasDb: u32,
  hasDStart: u32,
  form: u32, // read by the plan
  blocks: u32, // 1 but for the plan
  block: u32, // rows a block
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<Number>; // [outer, rows, columns] by the strides
@group(0) @binding(2) var<storage, read> b: array<Number>; // [outer, rows, columns], gated alone
@group(0) @binding(3) var<storage, read> h: array<Number>; // [outer, rows, columns]
@group(0) @binding(4) var<storage, read> starts: array<Number>; // [outer, blocks, columns]: of the last block the state before the first step, of the others the gradient of the state that they end with
@group(0) @binding(5) var<storage, read> dh: array<Number>; // [outer, rows, columns]
@group(0) @binding(6) var<storage, read_write> da: array<Number>; // [outer, rows, columns], optional
@group(0) @binding(7) var<storage, read_write> db: array<Number>; // [outer, rows, columns], optional
@group(0) @binding(8) var<storage, read_write> dStart: array<Number>; // [outer, columns], optional

fn row_of(s: u32) -> u32 { return select(s, params.rows - 1u - s, params.reversed == 1u); }

// The state before step s.
fn state_before(o: u32, s: u32, column: u32) -> Number {
  var state = Number();
  if (s > 0u) {
    state = h[(o * params.rows + row_of(s - 1u)) * params.columns + column];
  } else if (params.hasStart == 1u) {
    state = starts[(o * params.blocks + params.blocks - 1u) * params.columns + column];
  }
  return state;
}

// One invocation runs through one column of one block; the workgroup has 64, in a grid-stride loop.
// grid: min(ceil(outer * blocks * columns / 64), MAX_WORKGROUPS)
// iterations: block
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.outer * params.blocks * params.columns; i += groups.x * 64u) {
    let column = i % params.columns;
    let k = i / params.columns % params.blocks;
    let o = i / params.columns / params.blocks;
    let first = k * params.block;
    var gradient = Number(); // of the state after step s
    if (k + 1u < params.blocks) { gradient = starts[i]; }
    for (var s = min(first + params.block, params.rows); s > first; s--) {
      let at = (o * params.rows + row_of(s - 1u)) * params.columns + column;
      let x = a[o * params.aOuter + row_of(s - 1u) * params.aRow + column * params.aColumn];
      let before = state_before(o, s - 1u, column);
      gradient += dh[at];
      if (GATED == 1u) {
        if (params.hasDa == 1u) { da[at] = (b[at] - before) * gradient; }
        if (params.hasDb == 1u) { db[at] = x * gradient; }
        gradient -= x * gradient;
      } else {
        if (params.hasDa == 1u) { da[at] = number_times(number_conjugate(before), gradient); }
        if (params.hasDb == 1u) { db[at] = gradient; }
        gradient = number_times(number_conjugate(x), gradient);
      }
    }
    if (k == 0u && params.hasDStart == 1u) { dStart[o * params.columns + column] = gradient; }
  }
}

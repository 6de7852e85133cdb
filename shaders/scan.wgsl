// A linear recurrence over the rows of [outer, rows, columns]:
//   h[s] = a[s] h[s-1] + b[s],  or gated:  h[s] = (1 - a[s]) h[s-1] + a[s] b[s]
// where s counts rows in the order of processing, from the last one on when reversed. This kernel goes through blocks of rows of which
// it is told the state before each; src/webgpu/scan.ts says where that comes from.
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
  reversed: u32,
  hasStart: u32, // 0: the states before are zero
  form: u32, // read by the plan: 0 as above, 1 gated, 2 of complex numbers
  blocks: u32, // 1 but for the plan
  block: u32, // rows a block
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<Number>; // [outer, rows, columns] by the strides
@group(0) @binding(2) var<storage, read> b: array<Number>; // [outer, rows, columns]
@group(0) @binding(3) var<storage, read> starts: array<Number>; // [outer, blocks, columns]
@group(0) @binding(4) var<storage, read_write> h: array<Number>; // [outer, rows, columns]

// One invocation runs through one column of one block; the workgroup has 64, in a grid-stride loop.
// grid: min(ceil(outer * blocks * columns / 64), MAX_WORKGROUPS)
// iterations: block
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.outer * params.blocks * params.columns; i += groups.x * 64u) {
    let column = i % params.columns;
    let first = i / params.columns % params.blocks * params.block;
    let o = i / params.columns / params.blocks;
    var state = Number();
    if (params.hasStart == 1u) { state = starts[i]; }
    for (var s = first; s < min(first + params.block, params.rows); s++) {
      let row = select(s, params.rows - 1u - s, params.reversed == 1u);
      let at = (o * params.rows + row) * params.columns + column;
      let factor = a[o * params.aOuter + row * params.aRow + column * params.aColumn];
      if (GATED == 1u) {
        state += factor * (b[at] - state);
      } else {
        state = number_times(factor, state) + b[at];
      }
      h[at] = state;
    }
  }
}

// Step 1 of a scan in blocks (see src/webgpu/scan.ts): what a block makes of the state before it, factor · state + end; of the gradient
// of the state after it where GRADIENT is 1, and the block is gone through from its end.
// group: scan
#import number: numbers/real

// 1: the gated form.
const GATED: u32 = 0u;
const GRADIENT: u32 = 0u;

struct Params {
  outer: u32,
  rows: u32,
  columns: u32,
  aOuter: u32,
  aRow: u32,
  aColumn: u32,
  reversed: u32, // as forward
  blocks: u32,
  block: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<Number>; // [outer, rows, columns] by the strides
@group(0) @binding(2) var<storage, read> b: array<Number>; // [outer, rows, columns]; dh where GRADIENT is 1
@group(0) @binding(3) var<storage, read_write> factors: array<Number>; // [outer, blocks, columns]
@group(0) @binding(4) var<storage, read_write> ends: array<Number>; // [outer, blocks, columns]

// One invocation runs through one column of one block; the workgroup has 64, in a grid-stride loop.
// grid: min(ceil(outer * blocks * columns / 64), MAX_WORKGROUPS)
// iterations: block
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.outer * params.blocks * params.columns; i += groups.x * 64u) {
    let column = i % params.columns;
    let first = i / params.columns % params.blocks * params.block;
    let last = min(first + params.block, params.rows) - 1u;
    let o = i / params.columns / params.blocks;
    var factor: Number = NUMBER_ONE;
    var end = Number();
    for (var k = first; k <= last; k++) {
      let s = select(k, first + last - k, GRADIENT == 1u);
      let row = select(s, params.rows - 1u - s, params.reversed == 1u);
      let x = a[o * params.aOuter + row * params.aRow + column * params.aColumn];
      let y = b[(o * params.rows + row) * params.columns + column];
      var f = x;
      if (GATED == 1u) { f = NUMBER_ONE - x; }
      if (GRADIENT == 1u) {
        f = number_conjugate(f);
        end = number_times(f, end + y);
      } else if (GATED == 1u) {
        end += x * (y - end);
      } else {
        end = number_times(f, end) + y;
      }
      factor = number_times(f, factor);
    }
    factors[i] = factor;
    ends[i] = end;
  }
}

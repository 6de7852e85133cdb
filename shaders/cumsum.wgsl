// y[o,r,c] = the sum of x[o,0..r,c], or of x[o,r..,c] when reversed (the gradient of the other).
// group: cumsum

struct Params {
  outer: u32,
  rows: u32,
  columns: u32,
  reversed: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [outer, rows, columns]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [outer, rows, columns]

// One invocation runs down one column of one block; the workgroup has 64, in a grid-stride loop.
// grid: min(ceil(outer * columns / 64), MAX_WORKGROUPS)
// iterations: rows
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.outer * params.columns; i += groups.x * 64u) {
    let start = i / params.columns * params.rows * params.columns + i % params.columns;
    var total = 0.0;
    for (var step = 0u; step < params.rows; step++) {
      let r = select(step, params.rows - 1u - step, params.reversed == 1u);
      total += x[start + r * params.columns];
      y[start + r * params.columns] = total;
    }
  }
}

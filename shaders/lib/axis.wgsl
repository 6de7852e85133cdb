// Kernels along the middle axis of [outer, rows, columns]: parameters, and where a row's elements begin.

struct Params {
  outer: u32,
  rows: u32,
  columns: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

// The first element of row `i` of outer * columns; the next ones are `columns` apart.
fn start_of(i: u32) -> u32 {
  return i / params.columns * params.rows * params.columns + i % params.columns;
}

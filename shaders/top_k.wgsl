// indices[r,j] = where in row r the largest but j is; equal ones come in their order.
// group: top_k

struct Params {
  rows: u32,
  columns: u32,
  k: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [rows, columns]
@group(0) @binding(2) var<storage, read_write> indices: array<i32>; // [rows, k]

// One workgroup sorts 64 rows, in a grid-stride loop: k passes over a row, each for what comes next.
// grid: min(ceil(rows / 64), MAX_WORKGROUPS)
// iterations: k * (columns + 2)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var r = id.x; r < params.rows; r += groups.x * 64u) {
    let row = r * params.columns;
    var last = 0u;
    for (var j = 0u; j < params.k; j++) {
      // The columns themselves while there is none.
      var next = params.columns;
      for (var c = 0u; c < params.columns; c++) {
        let value = x[row + c];
        let before = x[row + last];
        if (j > 0u && (value > before || (value == before && c <= last))) { continue; }
        if (next == params.columns || value > x[row + next]) { next = c; }
      }
      indices[r * params.k + j] = i32(next);
      last = next;
    }
  }
}

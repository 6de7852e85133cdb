// out[n, e] = table[ids[n], e]: rows of a table by their number. An id outside of the table gives a row of NaN.
#import lib/invalid

struct Params {
  rows: u32,
  width: u32,
  vocabulary: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> table: array<vec4f>; // [vocabulary, width]; float32 or float16
@group(0) @binding(2) var<storage, read> ids: array<i32>; // [rows]
@group(0) @binding(3) var<storage, read_write> out: array<vec4f>; // [rows, width]

// Four elements of the table from a multiple of four on.
fn load_aligned(row: u32, column: u32) -> vec4f {
  let id = ids[row];
  if (id < 0 || u32(id) >= params.vocabulary) {
    return vec4f(not_a_number(row));
  }
  return vec4f(table[(u32(id) * params.width + column) / 4u]);
}

fn load(row: u32, column: u32) -> f32 {
  let id = ids[row];
  if (id < 0 || u32(id) >= params.vocabulary) {
    return not_a_number(row);
  }
  let element = u32(id) * params.width + column;
  return f32(table[element / 4u][element % 4u]);
}

// One invocation copies four elements of out, in a grid-stride loop.
// grid: min(ceil(rows * width / 1024), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let size = params.rows * params.width;
  for (var i = id.x; i * 4u < size; i += groups.x * 256u) {
    let first = i * 4u;
    if (params.width % 4u == 0u) {
      out[i] = load_aligned(first / params.width, first % params.width);
      continue;
    }
    var values = vec4f();
    for (var k = 0u; k < 4u && first + k < size; k++) {
      values[k] = load((first + k) / params.width, (first + k) % params.width);
    }
    out[i] = values;
  }
}

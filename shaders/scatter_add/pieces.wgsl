// Step 5 (see src/webgpu/scatter.ts): the sorted rows are cut into pieces, so that an id that comes a thousand times is
// not summed by one invocation. The sum of an id that lies within a piece goes to out; of one that is cut, to partials:
// the part at the front of a piece, which began in the one before, to slot 0, that at its end to slot 1.
// group: backward

struct Params {
  width: u32,
  vocabulary: u32,
  piece: u32, // rows a piece
  pieces: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> ids: array<i32>; // [rows]
@group(0) @binding(2) var<storage, read> order: array<i32>; // [rows]
@group(0) @binding(3) var<storage, read> starts: array<i32>; // [vocabulary+1]
@group(0) @binding(4) var<storage, read> values: array<vec4f>; // [rows, width]
@group(0) @binding(5) var<storage, read_write> partials: array<vec4f>; // [pieces, 2, ceil(width/4)*4]
@group(0) @binding(6) var<storage, read_write> out: array<f32>; // [vocabulary, width]

fn id_at(k: u32) -> i32 {
  return ids[order[k]];
}

// Four columns of a row, zero beyond the last.
fn load(row: u32, column: u32) -> vec4f {
  let first = row * params.width + column;
  if (params.width % 4u == 0u) {
    return values[first / 4u];
  }
  var result = vec4f();
  for (var k = 0u; k < 4u && column + k < params.width; k++) {
    result[k] = values[(first + k) / 4u][(first + k) % 4u];
  }
  return result;
}

fn store(id: i32, column: u32, sum: vec4f) {
  for (var k = 0u; k < 4u && column + k < params.width; k++) {
    out[u32(id) * params.width + column + k] = sum[k];
  }
}

// One invocation sums four columns of one piece, in a grid-stride loop.
// grid: min(ceil(pieces * ceil(width / 4) / 64), MAX_WORKGROUPS)
// iterations: 11 * piece
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let columns = (params.width + 3u) / 4u;
  let total = u32(starts[params.vocabulary]);
  for (var i = id.x; i < params.pieces * columns; i += groups.x * 64u) {
    let piece = i / columns;
    let column = i % columns;
    let first = piece * params.piece;
    let end = min(first + params.piece, total);
    if (first >= end) {
      continue;
    }
    var current = id_at(first);
    var cut_before = first > 0u && id_at(max(first, 1u) - 1u) == current;
    var sum = vec4f();
    for (var k = first; k < end; k++) {
      let row = order[k];
      let next = ids[row];
      if (next != current) {
        if (cut_before) {
          partials[2u * piece * columns + column] = sum;
        } else {
          store(current, column * 4u, sum);
        }
        current = next;
        cut_before = false;
        sum = vec4f();
      }
      sum += load(u32(row), column * 4u);
    }
    let cut_after = end < total && id_at(min(end, total - 1u)) == current;
    if (cut_before) {
      partials[2u * piece * columns + column] = sum;
    } else if (cut_after) {
      partials[(2u * piece + 1u) * columns + column] = sum;
    } else {
      store(current, column * 4u, sum);
    }
  }
}

// out[rows[r], e] += scale * sum over j from begins[r] to begins[r+1] - 1 of weights[places[j]] * table[ids[j], e], in the order
// of j; without `accumulate` that is all of it. One kernel for what word vectors need: means of rows, sums of rows with computed
// weights, and steps of gradient descent on the rows that occur, whose cost does not depend on the table's size.
// group: vectors

struct Params {
  count: u32, // rows of out that are written, each once
  width: u32, // a multiple of 4
  scale: f32,
  accumulate: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> table: array<vec4f>; // [.., width]
@group(0) @binding(2) var<storage, read> ids: array<i32>; // [terms], each a row of the table
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> places: array<i32>; // [terms], each an index into weights
@group(0) @binding(5) var<storage, read> begins: array<i32>; // [count + 1], into ids and places
@group(0) @binding(6) var<storage, read> rows: array<i32>; // [count]
@group(0) @binding(7) var<storage, read_write> out: array<vec4f>; // [.., width]

// One invocation computes four columns of a row, in a grid-stride loop.
// grid: min(ceil(count * width / 256), MAX_WORKGROUPS)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let quads = params.width / 4u;
  for (var i = id.x; i < params.count * quads; i += groups.x * 64u) {
    let r = i / quads;
    let column = i % quads;
    let end = begins[r + 1u];
    var sum = vec4f();
    for (var j = begins[r]; j < end; j++) {
      sum += weights[places[j]] * table[u32(ids[j]) * quads + column];
    }
    let at = u32(rows[r]) * quads + column;
    if (params.accumulate == 0u) {
      out[at] = params.scale * sum;
    } else {
      out[at] += params.scale * sum;
    }
  }
}

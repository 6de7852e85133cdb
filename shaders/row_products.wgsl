// out[n, k] = the product of row n of a with row ids[n, k] of a table: the logits of words, without a copy of their rows.
// group: vectors

struct Params {
  size: u32, // of out
  each: u32, // k's a row of a
  width: u32, // a multiple of 4
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [size / each, width]
@group(0) @binding(2) var<storage, read> table: array<vec4f>; // [.., width]
@group(0) @binding(3) var<storage, read> ids: array<i32>; // [size]
@group(0) @binding(4) var<storage, read_write> out: array<f32>; // [size]

// One invocation computes one element, in a grid-stride loop.
// grid: min(ceil(size / 64), MAX_WORKGROUPS)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let quads = params.width / 4u;
  for (var i = id.x; i < params.size; i += groups.x * 64u) {
    let left = i / params.each * quads;
    let right = u32(ids[i]) * quads;
    var sum = 0.0;
    for (var q = 0u; q < quads; q++) {
      sum += dot(a[left + q], table[right + q]);
    }
    out[i] = sum;
  }
}

// Step 6 (see src/webgpu/scatter.ts): adds up the partial sums of ids that were cut, in order, and writes zeros for ids
// that never came. The others have their sum already.
// group: backward

struct Params {
  width: u32,
  vocabulary: u32,
  piece: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> starts: array<i32>; // [vocabulary+1]
@group(0) @binding(2) var<storage, read> partials: array<vec4f>; // [pieces, 2, ceil(width/4)*4]
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [vocabulary, width]

// One invocation takes four columns of one id, in a grid-stride loop.
// grid: min(ceil(vocabulary * ceil(width / 4) / 64), MAX_WORKGROUPS)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let columns = (params.width + 3u) / 4u;
  for (var i = id.x; i < params.vocabulary * columns; i += groups.x * 64u) {
    let v = i / columns;
    let column = i % columns;
    let start = u32(starts[v]);
    let end = u32(starts[v + 1u]);
    var sum = vec4f();
    if (start < end) {
      let first = start / params.piece;
      let last = (end - 1u) / params.piece;
      if (first == last) {
        continue;
      }
      sum = partials[(2u * first + 1u) * columns + column];
      for (var piece = first + 1u; piece <= last; piece++) {
        sum += partials[2u * piece * columns + column];
      }
    }
    for (var k = 0u; k < 4u && column * 4u + k < params.width; k++) {
      out[v * params.width + column * 4u + k] = sum[k];
    }
  }
}

// What a layer carries, moved to the beams that go on: row b of the other side becomes row parents[b] of this one.
// group: decoding

struct Params {
  rows: u32,
  beams: u32, // the rows of one search
  width: u32,
  start: u32, // where both sides of the state begin
  side: u32, // the one that is read
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parents: array<i32>; // [rows], counted within the search
@group(0) @binding(2) var<storage, read_write> states: array<u32>; // [2, rows, width] from start on; bits, which may be those of whole numbers

// One workgroup moves 256 numbers, in a grid-stride loop.
// grid: min(ceil(rows * width / 256), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let size = params.rows * params.width;
  let source = params.start + params.side * size;
  let to = params.start + (1u - params.side) * size;
  for (var i = id.x; i < size; i += groups.x * 256u) {
    let row = i / params.width;
    let parent = row / params.beams * params.beams + u32(parents[row]);
    states[to + i] = states[source + parent * params.width + i % params.width];
  }
}

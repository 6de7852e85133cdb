// out[outOffset + i] = x[offset + i], i < count, of float16 elements, where one of these is odd: a copy between buffers moves whole words.
struct Params {
  offset: u32,
  outOffset: u32,
  count: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>; // float16, two elements a word, the first one below
@group(0) @binding(2) var<storage, read_write> out: array<u32>; // float16, as x

// The word with element i of out in its lower half (side 0) or upper one, if it is among those that are copied.
fn placed(word: u32, i: u32, side: u32) -> u32 {
  let own = i - params.outOffset;
  if (i < params.outOffset || own >= params.count) {
    return word;
  }
  let from_x = params.offset + own;
  let value = (x[from_x / 2u] >> (16u * (from_x % 2u))) & 0xffffu;
  return (word & (0xffff0000u >> (16u * side))) | (value << (16u * side));
}

// One invocation copies two elements, those of a word of out, in a grid-stride loop.
// grid: min(ceil((count + 1) / 512), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = params.outOffset / 2u;
  let end = (params.outOffset + params.count + 1u) / 2u;
  for (var i = first + id.x; i < end; i += groups.x * 256u) {
    out[i] = placed(placed(out[i], 2u * i, 0u), 2u * i + 1u, 1u);
  }
}

// out = condition != 0 ? a : b, all three broadcast; of bits, so that int32 comes through as it is.
#import lib/operands

@group(0) @binding(3) var<storage, read> condition: array<u32>; // int32
@group(0) @binding(4) var<storage, read_write> out: array<vec4u>; // [size]

fn holds(index: u32) -> bool {
  let at = offset_of(index, array<u32, 6>(params.c0, params.c1, params.c2, params.c3, params.c4, params.c5));
  return condition[at] != 0u;
}

// One workgroup computes 256 times 4 elements, in a grid-stride loop.
// grid: min(ceil(size / 1024), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    let at = i * 4u;
    let which = vec4<bool>(holds(at), holds(at + 1u), holds(at + 2u), holds(at + 3u));
    out[i] = select(b_four(at), a_four(at), which);
  }
}

// Four neighbours of the operands a and b of a kernel, broadcast to the result: the importing kernel has lib/broadcast's
// parameters, a0 to a5, b0 to b5, scalar, and the bindings a and b. What is loaded are bits: of f32 or of i32.
#import lib/broadcast

// 1: b is params.scalar; 2: a is. No tensor is bound there.
const SCALAR: u32 = 0u;
// 1 where a and b are int32.
const INT: u32 = 0u;

fn scalar_bits() -> vec4<u32> {
  if (INT == 1u) { return vec4(bitcast<u32>(i32(params.scalar))); }
  return vec4(bitcast<u32>(params.scalar));
}

fn a_offset(index: u32) -> u32 {
  return offset_of(index, vec3(params.a0, params.a1, params.a2), vec3(params.a3, params.a4, params.a5));
}

fn b_offset(index: u32) -> u32 {
  return offset_of(index, vec3(params.b0, params.b1, params.b2), vec3(params.b3, params.b4, params.b5));
}

fn a_element(at: u32) -> u32 {
  return a[at >> 2u][at & 3u];
}

fn b_element(at: u32) -> u32 {
  return b[at >> 2u][at & 3u];
}

fn a_four(index: u32) -> vec4<u32> {
  if (SCALAR == 2u) { return scalar_bits(); }
  let at = a_offset(index);
  if (ALIGNED == 1u) {
    if (params.a0 == 1u) { return a[at >> 2u]; }
    return vec4(a_element(at));
  }
  return vec4(a_element(at), a_element(a_offset(index + 1u)), a_element(a_offset(index + 2u)), a_element(a_offset(index + 3u)));
}

fn b_four(index: u32) -> vec4<u32> {
  if (SCALAR == 1u) { return scalar_bits(); }
  let at = b_offset(index);
  if (ALIGNED == 1u) {
    if (params.b0 == 1u) { return b[at >> 2u]; }
    return vec4(b_element(at));
  }
  return vec4(b_element(at), b_element(b_offset(index + 1u)), b_element(b_offset(index + 2u)), b_element(b_offset(index + 3u)));
}

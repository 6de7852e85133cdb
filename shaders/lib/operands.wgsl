// Four neighbours of the operands a and b of a kernel, broadcast to the result: the importing kernel has lib/broadcast's
// parameters, a0 to a5, b0 to b5, scalar, and the bindings a and b. What is loaded are bits: of f32 or of i32.
#import lib/broadcast

// 1: b is params.scalar; 2: a is. No tensor is bound there.
const SCALAR: u32 = 0u;
// 1 where a and b are int32.
const INT: u32 = 0u;

fn scalar_bits() -> vec4u {
  var bits = bitcast<u32>(params.scalar);
  if (INT == 1u) { bits = bitcast<u32>(i32(params.scalar)); }
  return vec4(bits);
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

fn a_four(index: u32) -> vec4u {
  var four = scalar_bits();
  if (SCALAR != 2u) {
    let at = a_offset(index);
    if (ALIGNED == 1u) {
      four = a[at >> 2u];
      if (params.a0 == 0u) { four = vec4(a_element(at)); }
    } else {
      four.x = a_element(at);
      four.y = a_element(a_offset(index + 1u));
      four.z = a_element(a_offset(index + 2u));
      four.w = a_element(a_offset(index + 3u));
    }
  }
  return four;
}

fn b_four(index: u32) -> vec4u {
  var four = scalar_bits();
  if (SCALAR != 1u) {
    let at = b_offset(index);
    if (ALIGNED == 1u) {
      four = b[at >> 2u];
      if (params.b0 == 0u) { four = vec4(b_element(at)); }
    } else {
      four.x = b_element(at);
      four.y = b_element(b_offset(index + 1u));
      four.z = b_element(b_offset(index + 2u));
      four.w = b_element(b_offset(index + 3u));
    }
  }
  return four;
}

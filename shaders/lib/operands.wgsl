// The operands a and b of a kernel, four neighbours at a time, broadcast to the result: parameters, bindings 0 to 2, and loads.
// Axes that lie alike in every operand come merged, so RANK is mostly 1 (no broadcasting) or 2 (a row or column).
// Choices by a constant are if and else with one exit: after an early return a software GPU keeps both branches.

struct Params {
  size: u32, // of the result
  extent0: u32, // of the innermost axis, after merging
  extent1: u32,
  extent2: u32,
  extent3: u32,
  extent4: u32,
  a0: u32, // strides of a, innermost first, 0 along an axis that is stretched
  a1: u32,
  a2: u32,
  a3: u32,
  a4: u32,
  a5: u32,
  b0: u32,
  b1: u32,
  b2: u32,
  b3: u32,
  b4: u32,
  b5: u32,
  c0: u32, // strides of the condition of select.wgsl
  c1: u32,
  c2: u32,
  c3: u32,
  c4: u32,
  c5: u32,
  scalar: f32, // the operand that is no tensor
  hasA: u32, // whether binary_gradient.wgsl is asked for the gradient of a
  hasB: u32,
}

// Number of axes after merging.
const RANK: u32 = 1u;
// Whether four neighbours in the result share a place on every axis but the innermost: RANK 1, or extent0 a multiple of 4.
const ALIGNED: u32 = 1u;
// 1: b is params.scalar; 2: a is. No tensor is bound there.
const SCALAR: u32 = 0u;
// 1 where a and b are int32.
const INT: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
// Bits of f32 or of i32: a small i32 would be a subnormal f32, which may be flushed to 0 on its way.
@group(0) @binding(1) var<storage, read> a: array<vec4u>;
@group(0) @binding(2) var<storage, read> b: array<vec4u>;

// The offset of element `index` of the result in an operand of these strides.
fn offset_of(index: u32, strides: array<u32, 6>) -> u32 {
  let extents = array<u32, 6>(params.extent0, params.extent1, params.extent2, params.extent3, params.extent4, 1u);
  // Past the end, in the last four, any place does: buffers end in whole fours.
  var rest = min(index, params.size - 1u);
  var at = 0u;
  // What is left for the last axis is its place: no division.
  for (var k = 0u; k < RANK; k++) { at += select(rest % extents[k], rest, k + 1u == RANK) * strides[k]; rest /= extents[k]; }
  return at;
}

fn scalar_bits() -> vec4u {
  var bits = bitcast<u32>(params.scalar);
  if (INT == 1u) { bits = bitcast<u32>(i32(params.scalar)); }
  return vec4u(bits);
}

fn a_offset(index: u32) -> u32 {
  return offset_of(index, array<u32, 6>(params.a0, params.a1, params.a2, params.a3, params.a4, params.a5));
}

fn b_offset(index: u32) -> u32 {
  return offset_of(index, array<u32, 6>(params.b0, params.b1, params.b2, params.b3, params.b4, params.b5));
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
      if (params.a0 == 0u) { four = vec4u(a_element(at)); }
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
      if (params.b0 == 0u) { four = vec4u(b_element(at)); }
    } else {
      four.x = b_element(at);
      four.y = b_element(b_offset(index + 1u));
      four.z = b_element(b_offset(index + 2u));
      four.w = b_element(b_offset(index + 3u));
    }
  }
  return four;
}

// Where the elements of broadcast operands lie. The importing kernel has params.size (of the result), params.extent0 (of
// the innermost axis) to extent4, and for each operand six strides, innermost first, 0 along an axis that is stretched.
// Axes that lie alike in every operand come merged, so RANK is mostly 1 (no broadcasting) or 2 (a row or column).

// Number of axes after merging.
const RANK: u32 = 1u;
// Whether four neighbours in the result share a place on every axis but the innermost: RANK 1, or extent0 a multiple of 4.
const ALIGNED: u32 = 1u;

struct Place {
  inner: vec3<u32>,
  outer: vec3<u32>,
}

fn place_of(index: u32) -> Place {
  var p = Place(vec3(0u), vec3(0u));
  var rest = index;
  if (RANK == 1u) { p.inner.x = rest; return p; }
  p.inner.x = rest % params.extent0;
  rest /= params.extent0;
  if (RANK == 2u) { p.inner.y = rest; return p; }
  p.inner.y = rest % params.extent1;
  rest /= params.extent1;
  if (RANK == 3u) { p.inner.z = rest; return p; }
  p.inner.z = rest % params.extent2;
  rest /= params.extent2;
  if (RANK == 4u) { p.outer.x = rest; return p; }
  p.outer.x = rest % params.extent3;
  rest /= params.extent3;
  if (RANK == 5u) { p.outer.y = rest; return p; }
  p.outer.y = rest % params.extent4;
  p.outer.z = rest / params.extent4;
  return p;
}

fn offset_of(index: u32, inner: vec3<u32>, outer: vec3<u32>) -> u32 {
  // Past the end, in the last four, any place does: buffers end in whole fours.
  let p = place_of(min(index, params.size - 1u));
  let products = p.inner * inner + p.outer * outer;
  return products.x + products.y + products.z;
}

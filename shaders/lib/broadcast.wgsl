// Where the elements of broadcast operands lie. The importing kernel has params.size (of the result), params.extent0 (of
// the innermost axis) to extent4, and for each operand six strides, innermost first, 0 along an axis that is stretched.
// Axes that lie alike in every operand come merged, so RANK is mostly 1 (no broadcasting) or 2 (a row or column).
// Choices by a constant are if and else with one exit: after an early return a software GPU keeps both branches.

// Number of axes after merging.
const RANK: u32 = 1u;
// Whether four neighbours in the result share a place on every axis but the innermost: RANK 1, or extent0 a multiple of 4.
const ALIGNED: u32 = 1u;

// The offset of element `index` in an operand of these strides.
fn offset_of(index: u32, inner: vec3u, outer: vec3u) -> u32 {
  // Past the end, in the last four, any place does: buffers end in whole fours.
  var rest = min(index, params.size - 1u);
  var at = 0u;
  if (RANK > 1u) {
    at = rest % params.extent0 * inner.x;
    rest /= params.extent0;
  }
  if (RANK > 2u) {
    at += rest % params.extent1 * inner.y;
    rest /= params.extent1;
  }
  if (RANK > 3u) {
    at += rest % params.extent2 * inner.z;
    rest /= params.extent2;
  }
  if (RANK > 4u) {
    at += rest % params.extent3 * outer.x;
    rest /= params.extent3;
  }
  if (RANK > 5u) {
    at += rest % params.extent4 * outer.y;
    rest /= params.extent4;
  }
  if (RANK == 1u) { at = rest * inner.x; }
  if (RANK == 2u) { at += rest * inner.y; }
  if (RANK == 3u) { at += rest * inner.z; }
  if (RANK == 4u) { at += rest * outer.x; }
  if (RANK == 5u) { at += rest * outer.y; }
  if (RANK == 6u) { at += rest * outer.z; }
  return at;
}

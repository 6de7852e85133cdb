// The parameters of a strided copy, binding 0, and where its places lie.

struct Params {
  // Places to copy: the product of the extents.
  size: u32,
  // Axes in use, 1 to 6; axis 0 runs fastest.
  rank: u32,
  extent0: u32,
  extent1: u32,
  extent2: u32,
  extent3: u32,
  extent4: u32,
  extent5: u32,
  // Elements from one place to the next along an axis, in the source and in the target.
  from0: i32,
  from1: i32,
  from2: i32,
  from3: i32,
  from4: i32,
  from5: i32,
  to0: i32,
  to1: i32,
  to2: i32,
  to3: i32,
  to4: i32,
  to5: i32,
  fromOffset: u32,
  toOffset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

// Axes in use: the others cost nothing. Divisions are what costs: one an axis, none for the last.
const RANK: u32 = 6u;

// Elements before place `i` in the source (x) and in the target (y).
fn places_of(i: u32) -> vec2i {
  let extents = array<u32, 6>(params.extent0, params.extent1, params.extent2, params.extent3, params.extent4, params.extent5);
  let from_steps = array<i32, 6>(params.from0, params.from1, params.from2, params.from3, params.from4, params.from5);
  let to_steps = array<i32, 6>(params.to0, params.to1, params.to2, params.to3, params.to4, params.to5);
  var rest = i;
  var at = vec2i(i32(params.fromOffset), i32(params.toOffset));
  for (var k = 0u; k < RANK; k++) { let next = select(0u, rest / extents[k], k + 1u < RANK); at += i32(rest - next * extents[k]) * vec2i(from_steps[k], to_steps[k]); rest = next; }
  return at;
}

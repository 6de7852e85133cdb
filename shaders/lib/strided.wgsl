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
  var rest = i;
  var at = vec2i(i32(params.fromOffset), i32(params.toOffset));
  if (RANK > 1u) {
    let next = rest / params.extent0;
    at += i32(rest - next * params.extent0) * vec2i(params.from0, params.to0);
    rest = next;
  }
  if (RANK > 2u) {
    let next = rest / params.extent1;
    at += i32(rest - next * params.extent1) * vec2i(params.from1, params.to1);
    rest = next;
  }
  if (RANK > 3u) {
    let next = rest / params.extent2;
    at += i32(rest - next * params.extent2) * vec2i(params.from2, params.to2);
    rest = next;
  }
  if (RANK > 4u) {
    let next = rest / params.extent3;
    at += i32(rest - next * params.extent3) * vec2i(params.from3, params.to3);
    rest = next;
  }
  if (RANK > 5u) {
    let next = rest / params.extent4;
    at += i32(rest - next * params.extent4) * vec2i(params.from4, params.to4);
    rest = next;
  }
  return at + i32(rest) * last_step();
}

fn last_step() -> vec2i {
  switch RANK {
    case 1u: { return vec2i(params.from0, params.to0); }
    case 2u: { return vec2i(params.from1, params.to1); }
    case 3u: { return vec2i(params.from2, params.to2); }
    case 4u: { return vec2i(params.from3, params.to3); }
    case 5u: { return vec2i(params.from4, params.to4); }
    default: { return vec2i(params.from5, params.to5); }
  }
}

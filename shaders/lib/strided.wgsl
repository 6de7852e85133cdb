// Where the places of a strided copy lie: params of strided_copy.wgsl.

// Axes in use: the others cost nothing. Divisions are what costs: one an axis, none for the last.
const RANK: u32 = 6u;

// Elements before place `i` in the source (x) and in the target (y).
fn placesOf(i: u32) -> vec2i {
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
  return at + i32(rest) * lastStep();
}

fn lastStep() -> vec2i {
  switch RANK {
    case 1u: { return vec2i(params.from0, params.to0); }
    case 2u: { return vec2i(params.from1, params.to1); }
    case 3u: { return vec2i(params.from2, params.to2); }
    case 4u: { return vec2i(params.from3, params.to3); }
    case 5u: { return vec2i(params.from4, params.to4); }
    default: { return vec2i(params.from5, params.to5); }
  }
}

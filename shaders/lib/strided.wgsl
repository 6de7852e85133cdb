// Where the places of a strided copy lie: params of strided_copy.wgsl.

// Axes in use: the others cost nothing.
const RANK: u32 = 6u;

// Elements before place `i` in the source (x) and in the target (y).
fn placesOf(i: u32) -> vec2i {
  var rest = i;
  var at = vec2i(i32(params.fromOffset), i32(params.toOffset));
  at += i32(rest % params.extent0) * vec2i(params.from0, params.to0);
  if (RANK > 1u) {
    rest /= params.extent0;
    at += i32(rest % params.extent1) * vec2i(params.from1, params.to1);
  }
  if (RANK > 2u) {
    rest /= params.extent1;
    at += i32(rest % params.extent2) * vec2i(params.from2, params.to2);
  }
  if (RANK > 3u) {
    rest /= params.extent2;
    at += i32(rest % params.extent3) * vec2i(params.from3, params.to3);
  }
  if (RANK > 4u) {
    rest /= params.extent3;
    at += i32(rest % params.extent4) * vec2i(params.from4, params.to4);
  }
  if (RANK > 5u) {
    rest /= params.extent4;
    at += i32(rest % params.extent5) * vec2i(params.from5, params.to5);
  }
  return at;
}

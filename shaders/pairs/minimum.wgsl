// The smaller of two, or NaN where one is
#import lib/nan

const PAIR_COMPARES: u32 = 0u;

// What part of the gradient a number gets: half at a tie.
fn pair_share(a: vec4f, b: vec4f) -> vec4f {
  return 0.5 * (vec4f(b > a) + vec4f(a <= b));
}

fn pair(a: vec4f, b: vec4f) -> vec4f { return min_nan4(a, b); }
fn pair_int(a: vec4i, b: vec4i) -> vec4i { return min(a, b); }
fn pair_by_a(a: vec4f, b: vec4f) -> vec4f { return pair_share(a, b); }
fn pair_by_b(a: vec4f, b: vec4f) -> vec4f { return pair_share(b, a); }

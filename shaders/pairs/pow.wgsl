// a^b, also for a negative a and a whole b, where WGSL's pow is undefined
#import lib/nan

const PAIR_COMPARES: u32 = 0u;

fn pair(a: vec4f, b: vec4f) -> vec4f {
  let magnitude = pow(abs(a), b);
  let is_odd = abs(b - 2.0 * trunc(b / 2.0)) == vec4f(1.0);
  let below = select(nan4(a), select(magnitude, -magnitude, is_odd), b == trunc(b));
  let at_zero = select(vec4f(), infinity4(a), b < vec4f());
  let power = select(select(below, magnitude, a > vec4f()), at_zero, a == vec4f());
  return select(power, vec4f(1.0), b == vec4f());
}
fn pair_by_a(a: vec4f, b: vec4f) -> vec4f {
  return select(b * pair(a, b - 1.0), vec4f(), b == vec4f());
}
fn pair_by_b(a: vec4f, b: vec4f) -> vec4f {
  let slope = pair(a, b) * log(abs(a));
  let at_zero = (a == vec4f()) & (b >= vec4f());
  return select(select(slope, nan4(a), a < vec4f()), vec4f(), at_zero);
}

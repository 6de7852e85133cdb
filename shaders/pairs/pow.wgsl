// a^b, also where WGSL's pow is undefined: of a negative a and a whole b, of zeros, infinities and NaN as IEEE 754 has it
// group: power
#import lib/log

const PAIR_COMPARES: u32 = 0u;

fn pair(a: vec4f, b: vec4f) -> vec4f {
  let size = abs(a);
  let ordinary = is_finite4(size) & is_finite4(b) & (size > vec4f());
  let extreme = select(vec4f(), infinity4(a), (size > vec4f(1.0)) == (b > vec4f()));
  // By way of logarithms the largest number to the power 1 may overflow.
  let magnitude = select(extreme, select(pow(size, b), size, b == vec4f(1.0)), ordinary);
  let is_odd = abs(b - 2.0 * trunc(b / 2.0)) == vec4f(1.0);
  let negative = bitcast<vec4u>(a) > vec4u(0x7fffffffu);
  let whole = (b == trunc(b)) | !is_finite4(b) | !is_finite4(a);
  let power = select(nan4(a), select(magnitude, -magnitude, negative & is_odd), whole | (a >= vec4f()));
  let is_one = (b == vec4f()) | (a == vec4f(1.0)) | ((size == vec4f(1.0)) & !is_finite4(b) & !is_nan4(b));
  return select(keep_nan4(a, keep_nan4(b, power)), vec4f(1.0), is_one);
}
fn pair_by_a(a: vec4f, b: vec4f) -> vec4f {
  return select(b * pair(a, b - 1.0), vec4f(), b == vec4f());
}
fn pair_by_b(a: vec4f, b: vec4f) -> vec4f {
  let at_zero = (a == vec4f()) & (b >= vec4f());
  return select(keep_nan4(a, pair(a, b) * log4(a)), vec4f(), at_zero);
}

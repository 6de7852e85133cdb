// The natural logarithm, which WGSL leaves open of what is not above 0, and of infinity.
#import lib/nan

// y, the logarithm of x, where x is finite and above 0; -infinity of 0, NaN below, and infinity of infinity.
fn log_or_special4(x: vec4f, y: vec4f) -> vec4f {
  let above = select(infinity4(x), y, is_finite4(x));
  return select(select(nan4(x), above, x > vec4f()), -infinity4(x), x == vec4f());
}

fn log4(x: vec4f) -> vec4f {
  return log_or_special4(x, log(x));
}

// e^x, which WGSL leaves open where it leaves the range, and e^x - 1, exact near 0.
#import lib/nan

// 0 and infinity where e^x leaves the range.
fn exp4(x: vec4f) -> vec4f {
  let y = exp(clamp(x, vec4f(-87.0), vec4f(88.72)));
  return keep_nan4(x, select(select(y, vec4f(), x < vec4f(-87.0)), infinity4(x), x > vec4f(88.72)));
}

// e^x - 1; near 0 the series.
fn exp_less_one4(x: vec4f) -> vec4f {
  let near = x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0)))));
  return select(exp4(x) - 1.0, near, abs(x) < vec4f(0.3));
}

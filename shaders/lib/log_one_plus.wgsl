// log(1 + x); near 0 the series of 2 artanh(x / (2 + x)).
fn log_one_plus4(x: vec4f) -> vec4f {
  let s = x / (2.0 + x);
  let q = s * s;
  let near = 2.0 * s * (1.0 + q * (1.0 / 3.0 + q * (0.2 + q * (1.0 / 7.0))));
  return select(log(1.0 + x), near, abs(x) < vec4f(0.3));
}

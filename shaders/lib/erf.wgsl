// The error function.
#import lib/exp

// Near 0 the series; beyond, 1 - t P(t) e^(-x^2), t = 1 / (1 + p |x|) (Abramowitz and Stegun 7.1.26).
fn erf4(x: vec4f) -> vec4f {
  let s = x * x;
  let near = 1.1283792 * x
    * (1.0 + s * (-1.0 / 3.0 + s * (0.1 + s * (-1.0 / 42.0 + s * (1.0 / 216.0 - s / 1320.0)))));
  let t = 1.0 / (1.0 + 0.3275911 * abs(x));
  let p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  let far = sign(x) * (1.0 - p * exp4(-s));
  return select(far, near, abs(x) < vec4f(0.5));
}

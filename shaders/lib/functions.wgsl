// Functions that WGSL lacks, or specifies too loosely, four at a time: near 0 each is exact to the last bits, and far out
// none overflows on the way to a result that does not.
#import lib/activations

// Not constants: WGSL refuses constant expressions that are infinite or NaN.
fn infinity4(x: vec4f) -> vec4f {
  return bitcast<vec4f>((bitcast<vec4u>(x) & vec4(0u)) | vec4(0x7f800000u));
}

fn nan4(x: vec4f) -> vec4f {
  return bitcast<vec4f>(bitcast<vec4u>(x) | vec4(0x7fc00000u));
}

// 0 and infinity where e^x leaves the range.
fn exp4(x: vec4f) -> vec4f {
  let y = exp(clamp(x, vec4(-87.0), vec4(88.72)));
  return keep_nan4(x, select(select(y, vec4(0.0), x < vec4(-87.0)), infinity4(x), x > vec4(88.72)));
}

fn exp_of(x: f32) -> f32 {
  return exp4(vec4(x)).x;
}

// e^x - 1; near 0 the series.
fn exp_less_one4(x: vec4f) -> vec4f {
  let near = x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0)))));
  return select(exp4(x) - 1.0, near, abs(x) < vec4(0.3));
}

// log(1 + x); near 0 the series of 2 artanh(x / (2 + x)).
fn log_one_plus4(x: vec4f) -> vec4f {
  let s = x / (2.0 + x);
  let q = s * s;
  let near = 2.0 * s * (1.0 + q * (1.0 / 3.0 + q * (0.2 + q * (1.0 / 7.0))));
  return select(log(1.0 + x), near, abs(x) < vec4(0.3));
}

// log(1 + e^x)
fn softplus4(x: vec4f) -> vec4f {
  return max(x, vec4(0.0)) + log_one_plus4(exp4(-abs(x)));
}

// Near 0 the series; beyond, 1 - t P(t) e^(-x^2), t = 1 / (1 + p |x|) (Abramowitz and Stegun 7.1.26).
fn erf4(x: vec4f) -> vec4f {
  let s = x * x;
  let near = 1.1283792 * x
    * (1.0 + s * (-1.0 / 3.0 + s * (0.1 + s * (-1.0 / 42.0 + s * (1.0 / 216.0 - s / 1320.0)))));
  let t = 1.0 / (1.0 + 0.3275911 * abs(x));
  let p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  let far = sign(x) * (1.0 - p * exp4(-s));
  return select(far, near, abs(x) < vec4(0.5));
}

// The standard normal distribution and its density, for gelu.
fn normal_cdf4(x: vec4f) -> vec4f {
  return 0.5 * (1.0 + erf4(x * 0.70710678));
}

fn normal_density4(x: vec4f) -> vec4f {
  return 0.39894228 * exp4(-0.5 * x * x);
}

// sin(x + quarter * pi / 2). WGSL's own is specified to 5e-4 only. Good up to |x| of some 10^4.
fn sine4(x: vec4f, quarter: i32) -> vec4f {
  let k = round(x * 0.63661977);
  // pi / 2 in three parts, of which k times the first two is exact.
  let r = ((x - k * 1.5703125) - k * 0.00048375129699707031) - k * 7.549789948768648e-8;
  let s = r * r;
  let sine = r + r * s * (-1.0 / 6.0 + s * (1.0 / 120.0 + s * (-1.0 / 5040.0 + s / 362880.0)));
  let cosine = 1.0 + s * (-0.5 + s * (1.0 / 24.0 + s * (-1.0 / 720.0 + s / 40320.0)));
  let turn = (vec4i(k) + quarter) & vec4(3);
  let value = select(sine, cosine, (turn & vec4(1)) == vec4(1));
  return select(value, -value, turn >= vec4(2));
}

// sqrt(x^2 + b), also where x^2 overflows.
fn root4(x: vec4f, b: f32) -> vec4f {
  return select(sqrt(x * x + b), abs(x), abs(x) > vec4(1e9));
}

// a^b, also for a negative a and a whole b. WGSL's pow is undefined there.
fn power4(a: vec4f, b: vec4f) -> vec4f {
  let magnitude = pow(abs(a), b);
  let is_odd = abs(b - 2.0 * trunc(b / 2.0)) == vec4(1.0);
  let below = select(nan4(a), select(magnitude, -magnitude, is_odd), b == trunc(b));
  let at_zero = select(vec4(0.0), infinity4(a), b < vec4(0.0));
  let power = select(select(below, magnitude, a > vec4(0.0)), at_zero, a == vec4(0.0));
  return select(power, vec4(1.0), b == vec4(0.0));
}

// Functions that WGSL lacks, or specifies too loosely: near 0 each is exact to the last bits, and far out none overflows on
// the way to a result that does not.
#import lib/activations

// Not constants: WGSL refuses constant expressions that are infinite or NaN.
fn infinity_of(x: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(x) & 0u) | 0x7f800000u);
}

fn nan_of(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) | 0x7fc00000u);
}

// 0 and infinity where e^x leaves the range.
fn exp_of(x: f32) -> f32 {
  let y = exp(clamp(x, -87.0, 88.72));
  return select(select(y, 0.0, x < -87.0), infinity_of(x), x > 88.72);
}

// e^x - 1; near 0 the series.
fn expm1_of(x: f32) -> f32 {
  let near = x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0)))));
  return select(exp_of(x) - 1.0, near, abs(x) < 0.3);
}

// log(1 + x); near 0 the series of 2 artanh(x / (2 + x)).
fn log1p_of(x: f32) -> f32 {
  let s = x / (2.0 + x);
  let q = s * s;
  let near = 2.0 * s * (1.0 + q * (1.0 / 3.0 + q * (0.2 + q * (1.0 / 7.0))));
  return select(log(1.0 + x), near, abs(x) < 0.3);
}

// log(1 + e^x)
fn softplus_of(x: f32) -> f32 {
  return max(x, 0.0) + log1p_of(safe_exp(-abs(x)));
}

// Near 0 the series; beyond, 1 - t P(t) e^(-x^2), t = 1 / (1 + p |x|) (Abramowitz and Stegun 7.1.26).
fn erf_of(x: f32) -> f32 {
  let s = x * x;
  let near = 1.1283792 * x
    * (1.0 + s * (-1.0 / 3.0 + s * (0.1 + s * (-1.0 / 42.0 + s * (1.0 / 216.0 - s / 1320.0)))));
  let t = 1.0 / (1.0 + 0.3275911 * abs(x));
  let p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  let far = sign(x) * (1.0 - p * safe_exp(-min(s, 80.0)));
  return select(far, near, abs(x) < 0.5);
}

// The standard normal distribution and its density, for gelu.
fn normal_cdf(x: f32) -> f32 {
  return 0.5 * (1.0 + erf_of(x * 0.70710678));
}

fn normal_density(x: f32) -> f32 {
  return 0.39894228 * safe_exp(-0.5 * min(x * x, 170.0));
}

// sin(x + quarter * pi / 2). WGSL's own is specified to 5e-4 only. Good up to |x| of some 10^4.
fn sine_of(x: f32, quarter: i32) -> f32 {
  let k = round(x * 0.63661977);
  // pi / 2 in three parts, of which k times the first two is exact.
  let r = ((x - k * 1.5703125) - k * 0.00048375129699707031) - k * 7.549789948768648e-8;
  let s = r * r;
  let sine = r + r * s * (-1.0 / 6.0 + s * (1.0 / 120.0 + s * (-1.0 / 5040.0 + s / 362880.0)));
  let cosine = 1.0 + s * (-0.5 + s * (1.0 / 24.0 + s * (-1.0 / 720.0 + s / 40320.0)));
  let turn = (i32(k) + quarter) & 3;
  let value = select(sine, cosine, (turn & 1) == 1);
  return select(value, -value, turn >= 2);
}

// sqrt(x^2 + b), also where x^2 overflows.
fn root_of(x: f32, b: f32) -> f32 {
  return select(sqrt(x * x + b), abs(x), abs(x) > 1e9);
}

// a^b, also for a negative a and a whole b. WGSL's pow is undefined there.
fn power_of(a: f32, b: f32) -> f32 {
  let magnitude = pow(abs(a), b);
  let odd = abs(b - 2.0 * trunc(b / 2.0)) == 1.0;
  let below = select(nan_of(a), select(magnitude, -magnitude, odd), b == trunc(b));
  let at_zero = select(0.0, infinity_of(a), b < 0.0);
  let power = select(select(below, magnitude, a > 0.0), at_zero, a == 0.0);
  return select(power, 1.0, b == 0.0);
}

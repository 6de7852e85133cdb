// The standard normal distribution and its density.
#import lib/erf
#import lib/exp

fn normal_cdf4(x: vec4f) -> vec4f {
  return 0.5 * (1.0 + erf4(x * 0.70710678));
}

fn normal_density4(x: vec4f) -> vec4f {
  return 0.39894228 * exp4(-0.5 * x * x);
}

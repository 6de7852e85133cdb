// x times the standard normal distribution
#import lib/normal

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return x * normal_cdf4(x); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  return normal_cdf4(v) + clamp(v, vec4f(-1e3), vec4f(1e3)) * normal_density4(v);
}

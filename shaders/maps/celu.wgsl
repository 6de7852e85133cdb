// x above 0, else alpha (e^(x / alpha) - 1)
#import lib/exp

const MAP_FROM_VALUE: u32 = 1u;
const MAP_DEFAULTS = vec2f(1.0, 0.0);

fn map(x: vec4f, p: vec2f) -> vec4f {
  return select(p.x * exp_less_one4(min(x, vec4f()) / p.x), x, x > vec4f());
}
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return select(v / p.x + 1.0, vec4f(1.0), v > vec4f()); }

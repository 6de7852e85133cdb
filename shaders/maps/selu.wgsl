// The self-normalising elu of Klambauer et al. 2017, scale (x above 0, else alpha (e^x - 1)); rounded as in their code
#import lib/exp

const MAP_FROM_VALUE: u32 = 1u;
const MAP_DEFAULTS = vec2f();
const MAP_SCALE = 1.0507009873554805;
const MAP_ALPHA = 1.6732632423543772;

fn map(x: vec4f, p: vec2f) -> vec4f {
  return MAP_SCALE * select(MAP_ALPHA * exp_less_one4(min(x, vec4f())), x, x > vec4f());
}
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  return select(v + MAP_SCALE * MAP_ALPHA, vec4f(MAP_SCALE), v > vec4f());
}

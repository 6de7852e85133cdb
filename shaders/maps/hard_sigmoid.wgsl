// min(max(x + 3, 0), 6) / 6
#import lib/hard_sigmoid

const MAP_FROM_VALUE: u32 = 1u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return hard_sigmoid4(x); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  return select(vec4f(), vec4f(1.0 / 6.0), (v > vec4f()) & (v < vec4f(1.0)));
}

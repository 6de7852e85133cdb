// x hardSigmoid(x)
#import lib/hard_sigmoid

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return x * hard_sigmoid4(x); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  return select(select(vec4f(1.0), v / 3.0 + 0.5, v < vec4f(3.0)), vec4f(), v < vec4f(-3.0));
}

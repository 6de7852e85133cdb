// x - tanh(x)
#import lib/tanh

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return x - tanh4(x); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  let t = tanh4(v);
  return t * t;
}

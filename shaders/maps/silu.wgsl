// x sigmoid(x)
#import lib/sigmoid

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return x * sigmoid4(x); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  let s = sigmoid4(v);
  return s * (1.0 + v * (1.0 - s));
}

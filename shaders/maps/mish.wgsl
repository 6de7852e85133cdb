// x tanh(softplus(x))
#import lib/sigmoid
#import lib/softplus
#import lib/tanh

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return x * tanh4(softplus4(x)); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  let t = tanh4(softplus4(v));
  // Far out 1 - t^2 is 0, and must not meet an infinity.
  return t + clamp(v, vec4f(-1e3), vec4f(1e3)) * sigmoid4(v) * (1.0 - t * t);
}

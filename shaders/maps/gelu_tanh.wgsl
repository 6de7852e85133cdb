// gelu by tanh: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
#import lib/tanh

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f {
  return 0.5 * x * (1.0 + tanh4(0.7978845608 * (x + 0.044715 * x * x * x)));
}
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  let t = tanh4(0.7978845608 * (v + 0.044715 * v * v * v));
  // Far out 1 - t^2 is 0, and must not meet an infinity.
  let slope = 0.7978845608 * (1.0 + 0.134145 * min(v * v, vec4f(1e6)));
  return 0.5 * (1.0 + t) + 0.5 * clamp(v, vec4f(-1e3), vec4f(1e3)) * (1.0 - t * t) * slope;
}

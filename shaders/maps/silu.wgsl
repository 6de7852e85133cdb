// x sigmoid(x)
#import lib/exp
#import lib/sigmoid

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

// Not by the logistic function, which is clamped: far below 0 this is -0.
fn map(x: vec4f, p: vec2f) -> vec4f { return x / (1.0 + exp4(-x)); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  let s = sigmoid4(v);
  // Far out 1 - s is 0 or s is, and must not meet an infinity.
  return s * (1.0 + clamp(v, vec4f(-1e3), vec4f(1e3)) * (1.0 - s));
}

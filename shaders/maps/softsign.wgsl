// x / (1 + |x|)
const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return x / (1.0 + abs(x)); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  let d = 1.0 + abs(v);
  return 1.0 / d / d;
}

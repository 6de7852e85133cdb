// min(max(x, alpha), beta)
const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f(0.0, 1.0);

fn map(x: vec4f, p: vec2f) -> vec4f { return min(max(x, vec4f(p.x)), vec4f(p.y)); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  return select(vec4f(), vec4f(1.0), (v >= vec4f(p.x)) & (v <= vec4f(p.y)));
}

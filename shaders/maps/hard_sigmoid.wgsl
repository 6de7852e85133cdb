// min(max(x + w/2, 0), w) / w, with w = 1 / slope
const MAP_FROM_VALUE: u32 = 1u;
const MAP_DEFAULTS = vec2f(6.0, 0.0);

fn map(x: vec4f, p: vec2f) -> vec4f { return clamp(x + 0.5 * p.x, vec4f(), vec4f(p.x)) / p.x; }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f {
  return select(vec4f(), vec4f(1.0 / p.x), (v > vec4f()) & (v < vec4f(1.0)));
}

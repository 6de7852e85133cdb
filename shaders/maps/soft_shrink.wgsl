// x moved towards 0 by alpha, and 0 where it would pass it
const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f(0.5, 0.0);

fn map(x: vec4f, p: vec2f) -> vec4f { return sign(x) * max(abs(x) - p.x, vec4f()); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return select(vec4f(), vec4f(1.0), abs(v) > vec4f(p.x)); }

// x where |x| > alpha, else 0
const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f(0.5, 0.0);

fn map(x: vec4f, p: vec2f) -> vec4f { return select(vec4f(), x, abs(x) > vec4f(p.x)); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return select(vec4f(), vec4f(1.0), abs(v) > vec4f(p.x)); }

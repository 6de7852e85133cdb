// x above 0, else alpha x
const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f(0.2, 0.0);

fn map(x: vec4f, p: vec2f) -> vec4f { return select(p.x * x, x, x > vec4f()); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return select(vec4f(p.x), vec4f(1.0), v > vec4f()); }

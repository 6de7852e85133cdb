// max(x, 0)
const MAP_FROM_VALUE: u32 = 1u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return max(x, vec4f()); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return select(vec4f(), vec4f(1.0), v > vec4f()); }

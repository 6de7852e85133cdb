// sqrt(x)
const MAP_FROM_VALUE: u32 = 1u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return sqrt(x); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return 0.5 / v; }

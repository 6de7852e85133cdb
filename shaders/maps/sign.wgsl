// -1, 0 or 1
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return sign(x); }

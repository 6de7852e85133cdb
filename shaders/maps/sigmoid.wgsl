// 1 / (1 + e^-x)
#import lib/sigmoid

const MAP_FROM_VALUE: u32 = 1u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return sigmoid4(x); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return v * (1.0 - v); }

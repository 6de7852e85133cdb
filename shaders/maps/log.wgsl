// The natural logarithm
#import lib/log

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return log4(x); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return 1.0 / v; }

// sin(x)
#import lib/sine

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return sine4(x, 0); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return sine4(v, 1); }

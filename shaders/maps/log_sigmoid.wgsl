// log sigmoid(x)
#import lib/sigmoid
#import lib/softplus

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return -softplus4(-x); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return sigmoid4(-v); }

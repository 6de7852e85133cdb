// log(1 + x)
#import lib/log
#import lib/log_one_plus

const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f();

fn map(x: vec4f, p: vec2f) -> vec4f { return log_or_special4(1.0 + x, log_one_plus4(x)); }
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return 1.0 / (1.0 + v); }

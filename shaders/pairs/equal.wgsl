// 1 where a = b, else 0
const PAIR_COMPARES: u32 = 1u;

fn pair(a: vec4f, b: vec4f) -> vec4f { return vec4f(a == b); }
fn pair_int(a: vec4i, b: vec4i) -> vec4i { return vec4i(a == b); }

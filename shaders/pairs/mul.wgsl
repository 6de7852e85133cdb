// a b
const PAIR_COMPARES: u32 = 0u;

fn pair(a: vec4f, b: vec4f) -> vec4f { return a * b; }
fn pair_int(a: vec4i, b: vec4i) -> vec4i { return a * b; }
fn pair_by_a(a: vec4f, b: vec4f) -> vec4f { return b; }
fn pair_by_b(a: vec4f, b: vec4f) -> vec4f { return a; }

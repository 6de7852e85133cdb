// Real numbers of four neighbouring columns.

alias Number = vec4f;

const NUMBER_ONE = vec4f(1.0);

fn number_times(x: vec4f, y: vec4f) -> vec4f { return x * y; }
fn number_conjugate(x: vec4f) -> vec4f { return x; }

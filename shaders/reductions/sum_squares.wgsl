// The sum of squares.

// Of nothing; what `any` is does not matter.
fn reduction_start(any: vec4f) -> vec4f { return vec4f(); }
// What an element counts.
fn reduction_of(x: vec4f) -> vec4f { return x * x; }
fn reduction(a: vec4f, b: vec4f) -> vec4f { return a + b; }

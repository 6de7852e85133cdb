// The largest, or NaN where there is one.
#import lib/nan

// Of nothing; what `any` is does not matter.
fn reduction_start(any: vec4f) -> vec4f { return -infinity4(any); }
// What an element counts.
fn reduction_of(x: vec4f) -> vec4f { return x; }
fn reduction(a: vec4f, b: vec4f) -> vec4f { return max_nan4(a, b); }

// What a scan counts in: real numbers, one at a time.

alias Number = f32;

const NUMBER_ONE = 1.0;

fn number_times(x: f32, y: f32) -> f32 { return x * y; }
fn number_conjugate(x: f32) -> f32 { return x; }

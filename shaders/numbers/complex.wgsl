// Complex numbers: two neighbours are the real and the imaginary part.

alias Number = vec2f;

const NUMBER_ONE = vec2f(1.0, 0.0);

fn number_times(x: vec2f, y: vec2f) -> vec2f {
  return vec2f(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x);
}
fn number_conjugate(x: vec2f) -> vec2f { return vec2f(x.x, -x.y); }

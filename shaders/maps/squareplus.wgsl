// (x + sqrt(x^2 + alpha)) / 2
const MAP_FROM_VALUE: u32 = 0u;
const MAP_DEFAULTS = vec2f(4.0, 0.0);

// sqrt(x^2 + b), also where x^2 overflows.
fn map_root(x: vec4f, b: f32) -> vec4f {
  return select(sqrt(x * x + b), abs(x), abs(x) > vec4f(1e9));
}

// Below 0, where the sum cancels, multiplied by (r - x) / (r - x).
fn map(x: vec4f, p: vec2f) -> vec4f {
  let r = map_root(x, p.x);
  return select(0.5 * x + 0.5 * r, 0.5 * p.x / (r - x), x < vec4f());
}
fn map_gradient(v: vec4f, p: vec2f) -> vec4f { return 0.5 * (1.0 + v / map_root(v, p.x)); }

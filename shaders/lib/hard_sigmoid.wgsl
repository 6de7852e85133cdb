// min(max(x + 3, 0), 6) / 6
fn hard_sigmoid4(x: vec4f) -> vec4f {
  return clamp(x + 3.0, vec4f(), vec4f(6.0)) / 6.0;
}

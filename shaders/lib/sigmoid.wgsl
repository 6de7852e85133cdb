// 1 / (1 + e^-x) of a clamped argument, since e^x may overflow to NaN. NaN may be lost in clamping: who calls passes it on.
fn sigmoid4(x: vec4f) -> vec4f {
  return 1.0 / (1.0 + exp(clamp(-x, vec4f(-87.0), vec4f(87.0))));
}

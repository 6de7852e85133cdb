// What becomes of a gradient before an optimizer uses it (Keras 3): scaled down to a norm, cut off at a value, or neither.
// A limit of 0 is none.

fn clipScale(limit: f32, norm: f32) -> f32 {
  if (limit == 0.0) { return 1.0; }
  return limit / max(norm, limit);
}

fn clipGradient(gradient: vec4f, scale: f32, limit: f32) -> vec4f {
  if (limit == 0.0) { return gradient * scale; }
  return clamp(gradient, vec4f(-limit), vec4f(limit));
}

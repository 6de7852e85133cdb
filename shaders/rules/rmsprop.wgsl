// RMSprop (Hinton 2012; Keras 3, epsilon inside the root):
//   v = rho * v + (1 - rho) * g * g;  a = rho * a + (1 - rho) * g   (a where centered, else 0)
//   u = rate * g / sqrt(v - a * a + epsilon);  m = momentum * m + u;  w -= m   (w -= u without momentum)

// v, where centered a, and with momentum m.
const RULE_SLOTS: u32 = 7u;

struct RuleParams {
  learningRate: f32,
  rho: f32,
  oneMinusRho: f32,
  epsilon: f32,
  momentum: f32,
}

fn rule(g: vec4f, s: ptr<function, array<vec4f, 3>>, p: RuleParams) -> vec4f {
  let v = p.rho * (*s)[0] + p.oneMinusRho * g * g;
  (*s)[0] = v;
  var variance = v;
  if ((RULE_SLOTS & 2u) != 0u) {
    let a = p.rho * (*s)[1] + p.oneMinusRho * g;
    (*s)[1] = a;
    // Rounding must not make it negative.
    variance = max(v - a * a, vec4f());
  }
  var u = p.learningRate * g / sqrt(variance + p.epsilon);
  if ((RULE_SLOTS & 4u) != 0u) {
    u += p.momentum * (*s)[2];
    (*s)[2] = u;
  }
  return u;
}

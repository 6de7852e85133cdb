// Adadelta (Zeiler 2012; Keras 3):
//   a = rho * a + (1 - rho) * g * g;  u = g * sqrt(d + epsilon) / sqrt(a + epsilon)
//   d = rho * d + (1 - rho) * u * u;  w -= rate * u

// a and d.
const RULE_SLOTS: u32 = 3u;
// Holds d: it would grow without bound where gradients vanish and come back again and again.
const RULE_LARGEST_MEAN: f32 = 1e12;

struct RuleParams {
  learningRate: f32,
  rho: f32,
  oneMinusRho: f32,
  epsilon: f32,
}

fn rule(g: vec4f, s: ptr<function, array<vec4f, 3>>, p: RuleParams) -> vec4f {
  let a = p.rho * (*s)[0] + p.oneMinusRho * g * g;
  let u = g * sqrt((*s)[1] + p.epsilon) / sqrt(a + p.epsilon);
  (*s)[0] = a;
  (*s)[1] = min(p.rho * (*s)[1] + p.oneMinusRho * u * u, vec4f(RULE_LARGEST_MEAN));
  return p.learningRate * u;
}

// Adagrad (Duchi, Hazan and Singer 2011; Keras 3, epsilon inside the root):
//   a += g * g;  w -= rate * g / sqrt(a + epsilon)

// a.
const RULE_SLOTS: u32 = 1u;

struct RuleParams {
  learningRate: f32,
  epsilon: f32,
}

fn rule(g: vec4f, s: ptr<function, array<vec4f, 3>>, p: RuleParams) -> vec4f {
  (*s)[0] += g * g;
  return p.learningRate * g / sqrt((*s)[0] + p.epsilon);
}

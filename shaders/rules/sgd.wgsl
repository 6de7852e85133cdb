// Stochastic gradient descent (Keras 3), rate the learning rate:
//   w -= rate * g                                               without momentum
//   m = momentum * m - rate * g;  w += m                        with it
//   m = momentum * m - rate * g;  w += momentum * m - rate * g  with Nesterov's

// With momentum m.
const RULE_SLOTS: u32 = 1u;

struct RuleParams {
  learningRate: f32,
  momentum: f32,
  nesterov: u32,
}

fn rule(g: vec4f, s: ptr<function, array<vec4f, 3>>, p: RuleParams) -> vec4f {
  var change = -p.learningRate * g;
  if (RULE_SLOTS == 1u) {
    let m = p.momentum * (*s)[0] + change;
    (*s)[0] = m;
    change = select(m, p.momentum * m + change, p.nesterov == 1u);
  }
  return -change;
}

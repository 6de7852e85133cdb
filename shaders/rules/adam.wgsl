// Adam (Kingma and Ba 2015, the formula just before section 2.1; Keras 3, epsilon outside the bias correction):
//   m += (1 - beta1) * (g - m);  v += (1 - beta2) * (g * g - v)
//   w -= alpha * m / (sqrt(v) + epsilon),  alpha = rate * sqrt(1 - beta2^t) / (1 - beta1^t)
// AMSGrad (Reddi, Kale and Kumar 2018) divides by the root of the largest v so far.

// m, v, and with AMSGrad the largest v.
const RULE_SLOTS: u32 = 7u;

struct RuleParams {
  alpha: f32,
  oneMinusBeta1: f32,
  oneMinusBeta2: f32,
  epsilon: f32,
}

fn rule(g: vec4f, s: ptr<function, array<vec4f, 3>>, p: RuleParams) -> vec4f {
  let m = (*s)[0] + p.oneMinusBeta1 * (g - (*s)[0]);
  var v = (*s)[1] + p.oneMinusBeta2 * (g * g - (*s)[1]);
  (*s)[0] = m;
  (*s)[1] = v;
  if (RULE_SLOTS == 7u) {
    v = max((*s)[2], v);
    (*s)[2] = v;
  }
  return p.alpha * m / (sqrt(v) + p.epsilon);
}

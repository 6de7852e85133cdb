// Adamax (Kingma and Ba 2015, section 7.1; Keras 3):
//   m += (1 - beta1) * (g - m);  n = max(beta2 * n, |g|)
//   w -= alpha * m / (n + epsilon),  alpha = rate / (1 - beta1^t)

// m and n.
const RULE_SLOTS: u32 = 3u;

struct RuleParams {
  alpha: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  epsilon: f32,
}

fn rule(g: vec4f, s: ptr<function, array<vec4f, 3>>, p: RuleParams) -> vec4f {
  let m = (*s)[0] + p.oneMinusBeta1 * (g - (*s)[0]);
  let n = max(p.beta2 * (*s)[1], abs(g));
  (*s)[0] = m;
  (*s)[1] = n;
  return p.alpha * m / (n + p.epsilon);
}

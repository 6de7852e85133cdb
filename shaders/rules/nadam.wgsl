// Nadam (Dozat 2016; Keras 3), with u_t = beta1 * (1 - 0.96^t / 2) and U_t the product of u_1 ... u_t:
//   m += (1 - beta1) * (g - m);  v += (1 - beta2) * (g * g - v)
//   w -= rate * (momentumScale * m + gradientScale * g) / (sqrt(velocityScale * v) + epsilon)
//   momentumScale = u_(t+1) / (1 - U_(t+1)),  gradientScale = (1 - u_t) / (1 - U_t),  velocityScale = 1 / (1 - beta2^t)

// m and v.
const RULE_SLOTS: u32 = 3u;

struct RuleParams {
  learningRate: f32,
  oneMinusBeta1: f32,
  oneMinusBeta2: f32,
  epsilon: f32,
  momentumScale: f32,
  gradientScale: f32,
  velocityScale: f32,
}

fn rule(g: vec4f, s: ptr<function, array<vec4f, 3>>, p: RuleParams) -> vec4f {
  let m = (*s)[0] + p.oneMinusBeta1 * (g - (*s)[0]);
  let v = (*s)[1] + p.oneMinusBeta2 * (g * g - (*s)[1]);
  (*s)[0] = m;
  (*s)[1] = v;
  let ahead = p.momentumScale * m + p.gradientScale * g;
  return p.learningRate * ahead / (sqrt(p.velocityScale * v) + p.epsilon);
}

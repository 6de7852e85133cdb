// Pieces of the cross-entropies that hold for logits of any size. NaN stays NaN, though exp, log, min, max and clamp may
// lose it, and a compiler may take every comparison with it for false: so it is told by its bits.
#import lib/finite

// 1: predictions are logits; 0: they are probabilities.
const LOGITS: u32 = 0u;
const EPSILON: f32 = 1e-7;

// e^x for x <= 0; exp itself may give NaN far from zero.
fn exp_negative(x: f32) -> f32 {
  if (x < -87.0) {
    return 0.0;
  }
  return select(x, exp(x), finite(x));
}

// log(1 + e) for 0 <= e <= 1, right for small e too.
fn log_one_plus(e: f32) -> f32 {
  return select(log(1.0 + e), e * (1.0 - e * (0.5 - e * (1.0 / 3.0 - e * 0.25))), e < 0.01);
}

// log(p) with p clipped to [EPSILON, 1 - EPSILON].
fn log_clipped(p: f32) -> f32 {
  return select(p, log(clamp(p, EPSILON, 1.0 - EPSILON)), finite(p));
}

fn is_clipped(p: f32) -> bool {
  return p < EPSILON || p > 1.0 - EPSILON;
}

// A target of one of `classes` classes, moved towards the uniform distribution.
fn smooth_target(q: f32, smoothing: f32, classes: u32) -> f32 {
  return q * (1.0 - smoothing) + smoothing / f32(classes);
}

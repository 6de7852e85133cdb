import { sigmoid } from '../lib/functions';
import { div, load, mul, splat, sub } from '../lib/lanes';
import { isClipped, smoothed } from '../lib/targets';

/** shaders/binary_cross_entropy_backward.wgsl */
export function binaryCrossEntropyBackward(
  predictions: usize, targets: usize, gradient: usize, out: usize, size: usize, smoothing: f32, LOGITS: i32,
): void {
  const bytes: usize = 4 * size;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = load(predictions + at);
    const z = smoothed(load(targets + at), smoothing, 0.5);
    const slope = LOGITS == 1
      ? sub(sigmoid(x), z)
      : v128.andnot(div(sub(x, z), mul(x, sub(splat(1), x))), isClipped(x));
    const g = load(gradient + at);
    // Not times 0: what is masked may be NaN.
    v128.store(out + at, v128.andnot(mul(g, slope), f32x4.eq(g, splat(0))));
  }
}

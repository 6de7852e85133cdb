import { add, div, largestOf, mul, splat, sub, sumOf } from '../lib/lanes';
import { exp, log } from '../lib/math';
import { keep, loadUpTo } from '../lib/rest';
import { isClipped, logClipped, targetsOf } from '../lib/targets';

/** shaders/class_cross_entropy.wgsl */
export function classCrossEntropy(
  predictions: usize, labels: usize, targets: usize, loss: usize, saved: usize,
  rows: usize, classes: usize, sparse: i32, has_ignore: i32, ignore: i32, smoothing: f32, LOGITS: i32,
): void {
  for (let row: usize = 0; row < rows; row++, loss += 4, saved += 8) {
    const label = sparse == 1 ? i32.load(labels + 4 * row) : 0;
    const p = predictions + 4 * row * classes;
    const q = targets + 4 * row * classes;
    const ignored = sparse == 1 && has_ignore == 1 && label == ignore;
    if (ignored || <usize>label >= classes) {
      const nothing: f32 = ignored ? 0 : NaN;
      f32.store(loss, nothing);
      f32.store(saved, nothing);
      f32.store(saved, nothing, 4);
    } else if (LOGITS == 1) {
      ofLogits(p, q, loss, saved, classes, sparse, label, smoothing);
    } else {
      ofProbabilities(p, q, loss, saved, classes, sparse, label, smoothing);
    }
  }
}

function ofLogits(
  predictions: usize, targets: usize, loss: usize, saved: usize, classes: usize, sparse: i32, label: i32, smoothing: f32,
): void {
  let most = splat(-Infinity);
  for (let c: usize = 0; c < classes; c += 4) most = f32x4.max(most, keep(loadUpTo(predictions + 4 * c, classes - c), classes - c, most));
  const largest = largestOf(most);
  // Of e^(x-m), of q, of q (x-m).
  let powers = splat(0);
  let weights = splat(0);
  let products = splat(0);
  for (let c: usize = 0; c < classes; c += 4) {
    const left = classes - c;
    const x = sub(loadUpTo(predictions + 4 * c, left), splat(largest));
    const q = keep(targetsOf(c, classes, sparse, label, targets, smoothing), left, splat(0));
    powers = add(powers, keep(exp(x), left, splat(0)));
    weights = add(weights, q);
    // A logit of -∞ matters only where the target is not 0.
    products = add(products, v128.andnot(mul(q, x), f32x4.eq(q, splat(0))));
  }
  const power = sumOf(powers);
  const weight = sumOf(weights);
  f32.store(loss, weight * f32x4.extract_lane(log(splat(power)), 0) - sumOf(products));
  f32.store(saved, largest);
  f32.store(saved, weight / power, 4);
}

function ofProbabilities(
  predictions: usize, targets: usize, loss: usize, saved: usize, classes: usize, sparse: i32, label: i32, smoothing: f32,
): void {
  let sums = splat(0);
  for (let c: usize = 0; c < classes; c += 4) sums = add(sums, loadUpTo(predictions + 4 * c, classes - c));
  const whole = sumOf(sums);
  // Of q log(clip(u)), and of q where u is not clipped.
  let products = splat(0);
  let weights = splat(0);
  for (let c: usize = 0; c < classes; c += 4) {
    const left = classes - c;
    const u = div(loadUpTo(predictions + 4 * c, left), splat(whole));
    const q = keep(targetsOf(c, classes, sparse, label, targets, smoothing), left, splat(0));
    products = add(products, mul(q, logClipped(u)));
    weights = add(weights, v128.andnot(q, isClipped(u)));
  }
  f32.store(loss, -sumOf(products));
  f32.store(saved, 1 / whole);
  f32.store(saved, sumOf(weights), 4);
}

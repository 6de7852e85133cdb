import { div, mul, splat, sub } from '../lib/lanes';
import { exp } from '../lib/math';
import { loadUpTo, storeUpTo } from '../lib/rest';
import { fillRow } from '../lib/rows';
import { isClipped, targetsOf } from '../lib/targets';

/** shaders/class_cross_entropy_backward.wgsl */
export function classCrossEntropyBackward(
  predictions: usize, labels: usize, targets: usize, saved: usize, gradient: usize, out: usize,
  rows: usize, classes: usize, sparse: i32, has_ignore: i32, ignore: i32, smoothing: f32, LOGITS: i32,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const label = sparse == 1 ? i32.load(labels + 4 * row) : 0;
    const at: usize = 4 * row * classes;
    const scale = f32.load(gradient + 4 * row);
    // Not times 0: what a masked row holds may be NaN.
    if (scale == 0 || (sparse == 1 && has_ignore == 1 && label == ignore)) {
      fillRow(out + at, 0, classes);
      continue;
    }
    const first = v128.load32_splat(saved + 8 * row);
    const second = v128.load32_splat(saved + 8 * row, 4);
    for (let c: usize = 0; c < classes; c += 4) {
      const left = classes - c;
      const x = loadUpTo(predictions + at + 4 * c, left);
      const q = targetsOf(c, classes, sparse, label, targets + at, smoothing);
      const u = mul(x, first);
      const slope = LOGITS == 1
        ? sub(mul(exp(sub(x, first)), second), q)
        : mul(first, sub(second, v128.andnot(div(q, u), isClipped(u))));
      storeUpTo(out + at + 4 * c, mul(splat(scale), slope), left);
    }
  }
}

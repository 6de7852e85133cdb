import { log1p } from '../lib/functions';
import { add, load, mul, splat, sub } from '../lib/lanes';
import { exp } from '../lib/math';
import { logClipped, smoothed } from '../lib/targets';

/** shaders/binary_cross_entropy.wgsl */
export function binaryCrossEntropy(predictions: usize, targets: usize, loss: usize, size: usize, smoothing: f32, LOGITS: i32): void {
  const bytes: usize = 4 * size;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = load(predictions + at);
    const z = smoothed(load(targets + at), smoothing, 0.5);
    v128.store(loss + at, LOGITS == 1 ? ofLogit(x, z) : ofProbability(x, z));
  }
}

function ofLogit(x: v128, z: v128): v128 {
  return add(sub(f32x4.max(x, splat(0)), mul(x, z)), log1p(exp(f32x4.neg(f32x4.abs(x)))));
}

function ofProbability(x: v128, z: v128): v128 {
  const other = sub(splat(1), z);
  return f32x4.neg(add(mul(z, logClipped(x)), mul(other, logClipped(sub(splat(1), x)))));
}

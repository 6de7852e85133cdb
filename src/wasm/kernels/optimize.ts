import { load, madd, mul, splat, sub } from '../lib/lanes';
import { rule as changeBy } from '../lib/rules.generated';

/** shaders/optimize.wgsl */
export function optimize(
  gradient: usize, norms: usize, guard: usize, weight: usize, slot0: usize, slot1: usize, slot2: usize,
  size: usize, guarded: i32, normIndex: usize, clipNorm: f32, clipValue: f32, decay: f32, RULE_SLOTS: i32,
  rule: i32, rule0: f32, rule1: f32, rule2: f32, rule3: f32, rule4: f32, rule5: f32, rule6: f32,
): void {
  if (guarded == 1 && i32.load(guard) != 0) return;
  const scale = clipNorm == 0 ? <f32>1 : clipNorm / max(f32.load(norms + 4 * normIndex), clipNorm);
  const end = weight + 4 * size;
  for (; weight < end; weight += 16, gradient += 16, slot0 += 16, slot1 += 16, slot2 += 16) {
    const g = clipValue == 0
      ? mul(load(gradient), splat(scale))
      : f32x4.min(f32x4.max(load(gradient), splat(-clipValue)), splat(clipValue));
    const change = changeBy(rule, g, slot0, slot1, slot2, RULE_SLOTS, rule0, rule1, rule2, rule3, rule4, rule5, rule6);
    const w = load(weight);
    const bounded = f32x4.min(f32x4.max(w, splat(-f32.MAX_VALUE)), splat(f32.MAX_VALUE));
    v128.store(weight, sub(madd(splat(-decay), bounded, w), change));
  }
}

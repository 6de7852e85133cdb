/** shaders/add_metric.wgsl: what rounding a sum loses is added with the next number (Kahan 1965). */
export function addMetric(
  sum: usize, weight: usize, guard: usize, totals: usize,
  index: usize, guardIndex: usize, scale: f32, count: f32, hasWeight: i32, guarded: i32,
): void {
  if (guarded == 1) {
    const failed = i32.load(guard);
    const step = i32.load(guard, 4);
    const to = totals + 4 * guardIndex;
    f32.store(to, <f32>failed);
    f32.store(to, <f32>(step >> 16), 4);
    f32.store(to, <f32>(step & 0xffff), 8);
    if (failed != 0) return;
  }
  const at = totals + 12 * index;
  const added = scale * f32.load(sum) - f32.load(at, 4);
  const before = f32.load(at);
  const after = before + added;
  f32.store(at, after);
  f32.store(at, isFinite(after) ? after - before - added : 0, 4);
  f32.store(at, f32.load(at, 8) + (hasWeight == 1 ? f32.load(weight) : count), 8);
}

// @ts-ignore: decorator
@inline
const PARTS: usize = 64;

/** shaders/norms.wgsl */
export function norms(parts: usize, loss: usize, norms: usize, guard: usize, count: usize, guarded: i32, step: i32): void {
  let total: f32 = 0;
  let bad: f32 = 0;
  for (let i: usize = 0; i < count; i++) {
    let sum: f32 = 0;
    for (const end = parts + 8 * PARTS; parts < end; parts += 8) {
      sum += f32.load(parts);
      bad += f32.load(parts, 4);
    }
    f32.store(norms + 4 * (1 + i), sqrt(sum));
    total += sum;
  }
  f32.store(norms, sqrt(total));
  if (guarded == 0) return;
  const good = bad == 0 && isFinite(total) && isFinite(f32.load(loss));
  if (!good && i32.load(guard) == 0) {
    i32.store(guard, 1);
    i32.store(guard, step, 4);
  }
}

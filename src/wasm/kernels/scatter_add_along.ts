/** shaders/scatter_add_along.wgsl */
export function scatterAddAlong(
  x: usize, indices: usize, updates: usize, out: usize,
  size: usize, extent: usize, count: usize, inner: usize, has_x: i32,
): void {
  if (has_x == 1) memory.copy(out, x, 4 * size);
  else memory.fill(out, 0, 4 * size);
  const end = out + 4 * size;
  for (; out < end; out += 4 * extent * inner)
    for (let n: usize = 0; n < count; n++)
      for (let i: usize = 0; i < inner; i++, indices += 4, updates += 4) {
        const index: usize = i32.load(indices);
        const to = out + 4 * (index * inner + i);
        if (index < extent) f32.store(to, f32.load(to) + f32.load(updates));
      }
}

/** shaders/gather_along.wgsl */
export function gatherAlong(x: usize, indices: usize, out: usize, size: usize, extent: usize, count: usize, inner: usize): void {
  const end = out + 4 * size;
  for (; out < end; x += 4 * extent * inner)
    for (let n: usize = 0; n < count; n++)
      for (let i: usize = 0; i < inner; i++, indices += 4, out += 4) {
        const index: usize = i32.load(indices);
        f32.store(out, index < extent ? f32.load(x + 4 * (index * inner + i)) : NaN);
      }
}

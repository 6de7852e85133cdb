/** shaders/top_k.wgsl: each number finds its place among those that are kept, behind its equals. */
export function topK(x: usize, indices: usize, rows: usize, columns: usize, k: usize): void {
  for (let r: usize = 0; r < rows; r++, x += 4 * columns, indices += 4 * k)
    for (let c: usize = 0; c < columns; c++) {
      const value = f32.load(x + 4 * c);
      let place = min(c, k);
      for (; place > 0; place--) {
        const before: usize = i32.load(indices + 4 * (place - 1));
        if (!(value > f32.load(x + 4 * before))) break;
        if (place < k) i32.store(indices + 4 * place, <i32>before);
      }
      if (place < k) i32.store(indices + 4 * place, <i32>c);
    }
}

/** shaders/arg_max.wgsl */
export function argMax(x: usize, out: usize, outer: usize, rows: usize, columns: usize): void {
  for (let o: usize = 0; o < outer; o++, x += 4 * rows * columns)
    for (let c: usize = 0; c < columns; c++, out += 4) {
      let best: usize = 0;
      let most = f32.load(x + 4 * c);
      for (let r: usize = 1; r < rows; r++) {
        const value = f32.load(x + 4 * (r * columns + c));
        if (value > most) {
          most = value;
          best = r;
        }
      }
      i32.store(out, <i32>best);
    }
}

import type { Twin } from './twin.ts';

/** Twin of shaders/label_errors.wgsl. */
export const labelErrors: Twin<'label_errors'> = (
  { path, targets, mask, distances, counts },
  { rows, steps, labels, blank, hasMask },
) => {
  for (let row = 0; row < rows; row++) {
    const wanted: number[] = [];
    for (let i = row * labels; i < (row + 1) * labels; i++) {
      if (targets[i] < 0 || targets[i] === blank) break;
      wanted.push(targets[i]);
    }
    // The distance of what has been read so far from the first i labels.
    const from = Array.from({ length: wanted.length + 1 }, (_, i) => i);
    let before = blank;
    for (let t = row * steps; t < (row + 1) * steps; t++) {
      if (hasMask && mask[t] === 0) continue;
      const isNew = path[t] !== before && path[t] !== blank;
      before = path[t];
      if (!isNew) continue;
      let diagonal = from[0]++;
      wanted.forEach((label, i) => {
        const replaced = diagonal + (label === before ? 0 : 1);
        diagonal = from[i + 1];
        from[i + 1] = Math.min(replaced, Math.min(diagonal, from[i]) + 1);
      });
    }
    distances[row] = from[wanted.length];
    counts[row] = wanted.length;
  }
};

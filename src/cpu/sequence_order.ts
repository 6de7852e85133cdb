import type { Twin } from './twin.ts';

/** Twin of shaders/sequence_order.wgsl. */
export const sequenceOrder: Twin<'sequence_order'> = (
  { mask, counts, order, places },
  { T, B },
) => {
  for (let b = 0; b < B; b++) {
    counts[b] = 0;
    for (let t = 0; t < T; t++) if (mask[b * T + t] !== 0) counts[b]++;
  }
  // Sorting is stable.
  const rows = Array.from({ length: B }, (_, b) => b).sort((a, b) => counts[b] - counts[a]);
  rows.forEach((b, place) => {
    order[place] = b;
    places[b] = place;
  });
};

import { bitsOf } from './sample_tokens.ts';
import type { Twin } from './twin.ts';

/** The sum of a beam that has no sequence; whatever is below the other number is one. */
const NONE = -3e38;
const LEAST = -1e38;

/** Twin of shaders/beam_step.wgsl. */
export const beamStep: Twin<'beam_step'> = (arrays, p) => {
  const { logProbs, kinds, script, scores, positions, ids, parents, picked } = arrays;
  const { rows, beams, vocabulary, scriptLength, candidates } = p;
  for (let row = 0; row < rows; row++) {
    const position = positions[row] + 1;
    const told = position < scriptLength ? script[row * scriptLength + position] : -1;
    // The best so far, in their order.
    const places: number[] = [];
    const sums: number[] = [];
    for (let beam = 0; beam < beams; beam++) {
      const before = scores[row * beams + beam];
      if (before < LEAST) continue;
      for (let id = 0; id < vocabulary; id++) {
        if (told < -1 ? id !== -2 - told : told < 0 ? kinds[id] === 1 : id !== told) continue;
        const own = told < -1 ? 0 : logProbs[(row * beams + beam) * vocabulary + id];
        const sum = before + own;
        if (!Number.isFinite(own) || (sums.length === candidates && sum <= sums[candidates - 1]))
          continue;
        let at = sums.length;
        while (at > 0 && sums[at - 1] < sum) at--;
        sums.splice(at, 0, sum);
        places.splice(at, 0, beam * vocabulary + id);
        sums.length = Math.min(sums.length, candidates);
        places.length = sums.length;
      }
    }
    let beam = row * beams;
    for (let c = 0; c < candidates; c++) {
      picked[row * candidates + c] = places[c] ?? -1;
      picked[(rows + row) * candidates + c] = bitsOf(sums[c] ?? NONE);
      if (c >= places.length || beam === (row + 1) * beams) continue;
      const id = places[c] % vocabulary;
      // What the script says before the first new token ends nothing.
      if (kinds[id] === 2 && told >= -1) continue;
      ids[beam] = id;
      parents[beam] = Math.floor(places[c] / vocabulary);
      scores[beam++] = sums[c];
    }
    for (; beam < (row + 1) * beams; beam++) {
      ids[beam] = 0;
      parents[beam] = 0;
      scores[beam] = NONE;
    }
    positions[row] = position;
  }
};

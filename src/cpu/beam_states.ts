import type { Twin } from './twin.ts';

/** Twin of shaders/beam_states.wgsl. */
export const beamStates: Twin<'beam_states'> = (
  { parents, states },
  { rows, beams, width, start, side },
) => {
  const size = rows * width;
  const from = start + side * size;
  for (let row = 0; row < rows; row++) {
    const parent = Math.floor(row / beams) * beams + parents[row];
    const to = start + (1 - side) * size + row * width;
    states.copyWithin(to, from + parent * width, from + (parent + 1) * width);
  }
};

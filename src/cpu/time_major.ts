import type { Twin } from './twin.ts';

/** Twin of shaders/time_major.wgsl. */
export const timeMajor: Twin<'time_major'> = ({ x, order, mask, out }, p) => {
  for (let t = 0; t < p.T; t++)
    for (let place = 0; place < p.B; place++) {
      const b = p.ordered === 1 ? order[place] : place;
      const timeMajor = (row: number): number => (t * p.B + row) * p.N;
      const batchMajor = (row: number): number => (row * p.T + t) * p.N;
      const from = p.toTime === 1 ? batchMajor(b) : timeMajor(b);
      const to = p.toTime === 1 ? timeMajor(place) : batchMajor(place);
      const real = p.toTime === 0 || mask[b * p.T + t] !== 0;
      for (let n = 0; n < p.N; n++) out[to + n] = real ? x[from + n] : 0;
    }
};

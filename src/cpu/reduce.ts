import { REDUCE_NAMES, type ReduceName } from '../op-codes.ts';
import type { Twin } from './device.ts';

const COMBINE: Record<ReduceName, [start: number, (total: number, x: number) => number]> = {
  sum: [0, (total, x) => total + x],
  max: [-Infinity, Math.max],
  min: [Infinity, Math.min],
  sumSquares: [0, (total, x) => total + x * x],
};

/** Twin of shaders/reduce.wgsl, which takes four rows at a time where FOUR is 2. */
export const reduce: Twin<'reduce'> = ({ x, rowMask, out }, params, { constants = {} }) => {
  const { outer, rows, columns, parts, outerStride, rowStride, scale } = params;
  const [start, combine] = COMBINE[REDUCE_NAMES[constants.OP ?? 0]];
  const together = constants.FOUR === 2 ? 4 : 1;
  for (let p = 0; p < parts; p++)
    for (let o = 0; o < outer; o++)
      for (let c = 0; c < columns; c++) {
        let total = start;
        for (let first = p * together; first < rows; first += parts * together)
          for (let r = first; r < first + together; r++)
            if (!constants.MASKED || rowMask[params.maskOffset + r] !== 0)
              total = combine(total, x[params.offset + o * outerStride + r * rowStride + c]);
        const place = constants.ALONG ? o * parts + p : (p * outer + o) * columns + c;
        const at = params.outOffset + place;
        out[at] = (params.accumulate ? out[at] : 0) + total * scale;
      }
};

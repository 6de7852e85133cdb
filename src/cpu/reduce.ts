import { REDUCE_NAMES, type ReduceName } from '../op-codes.ts';
import type { Twin } from './twin.ts';

const COMBINE: Record<ReduceName, [start: number, (total: number, x: number) => number]> = {
  sum: [0, (total, x) => total + x],
  max: [-Infinity, Math.max],
  min: [Infinity, Math.min],
  sumSquares: [0, (total, x) => total + x * x],
};

/** Twin of shaders/reduce.wgsl, and of the plan in src/webgpu/reduce.ts. */
export const reduce: Twin<'reduce'> = ({ x, rowMask, out }, params, variant) => {
  const { outer, rows, columns, outerStride, rowStride, scale } = params;
  const [start, combine] = COMBINE[REDUCE_NAMES[variant.constants?.OP ?? 0]];
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < columns; c++) {
      let total = start;
      for (let r = 0; r < rows; r++)
        if (rowMask.length === 0 || rowMask[params.maskOffset + r] !== 0)
          total = combine(total, x[params.offset + o * outerStride + r * rowStride + c]);
      const at = params.outOffset + o * columns + c;
      out[at] = (params.accumulate ? out[at] : 0) + total * scale;
    }
};

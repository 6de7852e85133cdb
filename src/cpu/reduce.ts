import { REDUCTION_TWINS } from './slots.generated.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/reduce.wgsl, and of the plan in src/webgpu/reduce.ts. */
export const reduce: Twin<'reduce'> = ({ x, rowMask, out }, params, { slots }) => {
  const { outer, rows, columns, outerStride, rowStride, scale } = params;
  const { start, join } = REDUCTION_TWINS[slots!.reduction!];
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < columns; c++) {
      let total = start;
      for (let r = 0; r < rows; r++)
        if (rowMask.length === 0 || rowMask[params.maskOffset + r] !== 0)
          total = join(total, x[params.offset + o * outerStride + r * rowStride + c]);
      const at = params.outOffset + o * columns + c;
      out[at] = (params.accumulate ? out[at] : 0) + total * scale;
    }
};

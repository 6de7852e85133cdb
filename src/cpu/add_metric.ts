import type { Twin } from './twin.ts';

/** Twin of shaders/add_metric.wgsl. */
export const addMetric: Twin<'add_metric'> = ({ sum, weight, guard, totals }, params) => {
  const { index, guardIndex, scale, count, hasWeight, guarded } = params;
  if (guarded) {
    totals[guardIndex] = guard[0]!;
    totals[guardIndex + 1] = guard[1] >> 16;
    totals[guardIndex + 2] = guard[1] & 0xffff;
    if (guard[0] !== 0) return;
  }
  const i = 3 * index;
  const added = scale * sum[0] - totals[i + 1];
  const before = totals[i];
  totals[i] = before + added;
  totals[i + 1] = Number.isFinite(totals[i]) ? totals[i] - before - added : 0;
  totals[i + 2] += hasWeight ? weight[0] : count;
};

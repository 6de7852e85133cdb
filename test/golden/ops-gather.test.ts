/** PyTorch's gather, scatter_add and topk. */
import { describe, it } from 'vitest';
import { takeAlong } from '../../src/ops/gather.ts';
import { scatterAdd } from '../../src/ops/scatter_add.ts';
import { topK } from '../../src/ops/top_k.ts';
import { checkGolden } from '../support/golden-op.ts';
import type { GoldenBuild } from '../support/golden-op.ts';
import { goldenCases } from './cases.ts';

/** By the golden op's name, PyTorch's. */
const OPS: Record<string, GoldenBuild> = {
  gather: ({ x0, index }, { dim }) => takeAlong(x0, index, dim),
  scatter_add: ({ x0, x1, index }, { dim }) => scatterAdd(x0, index, x1, dim),
  topk: ({ x0 }, { k }) => {
    const { values, indices } = topK(x0, k);
    return [values, indices];
  },
};

const cases = await goldenCases('ops', 'ops-gather');

describe('golden gather and scatter', () => {
  it.each(cases)('$name', (golden) => checkGolden(golden, OPS[golden.op]));
});

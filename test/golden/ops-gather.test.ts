/** PyTorch's gather and scatter_add. */
import { describe, expect, it } from 'vitest';
import { scatterAdd, takeAlong } from '../../src/ops/gather.ts';
import { loadFixture } from '../support/fixtures.ts';
import { checkGolden } from '../support/golden-op.ts';
import type { GoldenBuild } from '../support/golden-op.ts';
import { reasonToLeaveOut } from './left-out.ts';

/** By the golden op's name, PyTorch's. */
const OPS: Record<string, GoldenBuild> = {
  gather: ({ x0, index }, { dim }) => takeAlong(x0, index, dim),
  scatter_add: ({ x0, x1, index }, { dim }) => scatterAdd(x0, index, x1, dim),
};

describe('golden gather and scatter', async () => {
  const all = await loadFixture('ops');
  const cases = all.filter(({ op }) => OPS[op]);

  it('are all there; top-k is left out', () => {
    expect(new Set(cases.map(({ op }) => op)).size).toBe(Object.keys(OPS).length);
    for (const { name } of all.filter(({ op }) => op === 'topk'))
      expect(reasonToLeaveOut('ops', name)).not.toBeNull();
  });

  it.each(cases)('$name', (golden) => checkGolden(golden, OPS[golden.op]));
});

/** PyTorch's nn.Embedding: golden -> float64 twin -> GPU, values and the gradient of the table. */
import { describe, expect, it } from 'vitest';
import { embedding } from '../../src/ops/embedding.ts';
import { loadFixture } from '../support/fixtures.ts';
import { checkGolden } from '../support/golden-op.ts';
import { reasonToLeaveOut } from './left-out.ts';

describe('golden embedding', async () => {
  const cases = (await loadFixture('layers')).filter(({ op }) => op === 'embedding');
  const tested = cases.filter(({ name }) => reasonToLeaveOut('layers', name) === null);

  it('has cases', () => {
    expect(tested.length).toBeGreaterThan(3);
  });

  it.each(tested)('$name', async (golden) => {
    await checkGolden(golden, ({ x, weight }, { paddingIdx, numEmbeddings, scaleGradByFreq }) => {
      expect(scaleGradByFreq).toBe(false);
      // PyTorch counts a negative one from the end.
      const paddingId = paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
      return embedding(weight, x, { paddingId });
    });
  });
});

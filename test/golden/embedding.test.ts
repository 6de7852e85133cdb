/** PyTorch's nn.Embedding: golden -> float64 twin -> GPU, values and the gradient of the table. */
import { describe, expect, it } from 'vitest';
import { embedding } from '../../src/ops/embedding.ts';
import { checkGolden } from '../support/golden-op.ts';
import { goldenCases } from './cases.ts';

const cases = await goldenCases('layers', 'embedding');

describe('golden embedding', () => {
  it.each(cases)('$name', async (golden) => {
    await checkGolden(golden, ({ x, weight }, { paddingIdx, numEmbeddings, scaleGradByFreq }) => {
      expect(scaleGradByFreq).toBe(false);
      // PyTorch counts a negative one from the end.
      const paddingId = paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
      return embedding(weight, x, { paddingId });
    });
  });
});

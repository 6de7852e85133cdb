/** PyTorch's nn.Linear: golden -> float64 twin -> GPU, values and gradients of input, weight and bias. */
import { describe, expect, it } from 'vitest';
import { matmul } from '../../src/ops/matmul.ts';
import { reshape } from '../../src/ops/shape.ts';
import { checkGolden } from '../support/golden-op.ts';
import { goldenCases } from './cases.ts';

const cases = await goldenCases('layers', 'linear');

describe('golden linear', () => {
  it.each(cases)('$name', (golden) =>
    checkGolden(golden, ({ x, weight, bias }, { outFeatures }) => {
      expect(bias === undefined).toBe(golden.config.bias === false);
      // PyTorch's weight is [out, in], and its input may be one vector.
      const rows = x.rank === 1 ? reshape(x, [1, -1]) : x;
      const y = matmul(rows, weight, { bias: bias ?? null, transposeB: true });
      return x.rank === 1 ? reshape(y, [outFeatures]) : y;
    }),
  );
});

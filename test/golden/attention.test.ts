/** Masked attention with a fixed scale, PyTorch's numbers, from products and a softmax: golden -> twin -> GPU. */
import { describe, it } from 'vitest';
import { where } from '../../src/ops/compare.ts';
import { mul } from '../../src/ops/map.ts';
import { matmul } from '../../src/ops/matmul.ts';
import { expandDims } from '../../src/ops/shape.ts';
import { softmax } from '../../src/ops/softmax.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkGolden } from '../support/golden-op.ts';
import { goldenCases } from './cases.ts';

const weightsOf = ({ q, k, mask }: Record<string, Tensor>, scale: number): Tensor => {
  const scores = mul(matmul(q, k, { transposeB: true }), scale);
  return softmax(where(expandDims(mask, 1), scores, -Infinity), -1);
};

const cases = await goldenCases('layers', 'attention');

describe('golden attention', () => {
  it.each(cases)('$name', async (golden) => {
    const { y, weights } = golden.outputs;
    await checkGolden({ ...golden, outputs: { y } }, (inputs, { scale }) =>
      matmul(weightsOf(inputs, scale), inputs.v),
    );
    const values = { ...golden, outputs: { weights }, outgrads: {}, grads: {} };
    await checkGolden(values, (inputs, { scale }) => weightsOf(inputs, scale));
  });
});

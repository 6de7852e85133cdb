/** Masked attention with a fixed scale, PyTorch's numbers, from products and a softmax: golden -> twin -> GPU; and by the layer. */
import { describe, it } from 'vitest';
import { attention } from '../../src/layers/attention.ts';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import { input } from '../../src/layers/input.ts';
import { Network } from '../../src/layers/network.ts';
import { where } from '../../src/ops/compare.ts';
import { mul } from '../../src/ops/map.ts';
import { matmul } from '../../src/ops/matmul.ts';
import { expandDims } from '../../src/ops/shape.ts';
import { softmax } from '../../src/ops/softmax.ts';
import type { Tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { checkGolden } from '../support/golden-op.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { outcome } from '../layers/support.ts';
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

  it.each(cases)('$name, the layer', async ({ inputs: { q, k, v, mask }, outputs, config }) => {
    const hosts = [q, v, k, mask].map(({ shape, data }) => ({ shape: [...shape], data }));
    const starts = hosts.slice(0, 3).map(({ shape }) => input({ shape: shape.slice(1) }));
    const layer = attention({ useScale: true, returnAttentionScores: true });
    const network = new Network({
      inputs: starts,
      outputs: layer.apply<SymbolicTensor[]>(starts),
      device: reference,
    });
    network.setWeights([{ shape: [], data: [config.scale] }]);
    const found = await outcome(network, hosts.slice(0, 3), { masks: [null, hosts[3]] });
    expectClose(found.outputs[0], outputs.y.data, 'y', TOLERANCE.golden);
    expectClose(found.outputs[1], outputs.weights.data, 'weights', TOLERANCE.golden);
  });
});

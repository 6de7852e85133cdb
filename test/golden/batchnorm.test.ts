/** PyTorch's BatchNorm1d, features on axis 1: golden -> float64 twin -> GPU, values, gradients and moving statistics. */
import { describe, expect, it } from 'vitest';
import { batchNormalization } from '../../src/layers/index.ts';
import { compareLayer } from '../support/check-layer.ts';
import { expectClose } from '../support/check.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { goldenCases } from './cases.ts';

const cases = await goldenCases('layers', 'batchnorm');

describe('golden batchnorm1d', () => {
  it.each(cases)('$name', async (golden) => {
    const { config, inputs, params, buffers, outputs, outgrads, grads } = golden;
    const { eps, training } = config;
    // PyTorch's momentum is the share of the batch, Keras' that of what was there.
    const momentum = 1 - config.momentum;
    const given = [params.weight, params.bias, buffers.running_mean, buffers.running_var];
    const host = ({ shape, data }: typeof params.weight) => ({ shape: [...shape], data });
    const found = await compareLayer({
      make: () => batchNormalization({ axis: 1, momentum, epsilon: eps }),
      x: host(inputs.x),
      weights: given.map(host),
      cotangent: host(outgrads.y),
      training,
    });
    const close = (actual: ArrayLike<number>, wanted: ArrayLike<number>, what: string) =>
      expectClose(actual, wanted, what, TOLERANCE.golden);
    close(found.y, outputs.y.data, 'y');
    expect(Object.keys(found.gradients)).toEqual(['x', 'gamma', 'beta']);
    close(found.gradients.x, grads.x.data, 'gradient of x');
    close(found.gradients.gamma, grads.weight.data, 'gradient of gamma');
    close(found.gradients.beta, grads.bias.data, 'gradient of beta');
    close(found.weights.moving_mean, outputs['buffer:running_mean'].data, 'moving mean');
    // Its running variance takes the unbiased one of the batch, n / (n - 1) times ours.
    const n = inputs.x.data.length / config.numFeatures;
    const wanted = Array.from(outputs['buffer:running_var'].data, (after, i) => {
      const kept = (training ? momentum : 1) * buffers.running_var.data[i];
      return kept + ((after - kept) * (n - 1)) / n;
    });
    close(found.weights.moving_variance, wanted, 'moving variance');
  });
});

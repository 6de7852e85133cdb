/** PyTorch's Conv1d, which has its time last: golden -> the layer on the float64 twin -> on the GPU, values and gradients. */
import { describe, expect, it } from 'vitest';
import { conv1D } from '../../src/layers/index.ts';
import { compareLayer } from '../support/check-layer.ts';
import { expectClose } from '../support/check.ts';
import type { GoldenTensor } from '../support/fixtures.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { goldenCases } from './cases.ts';

/** Part `p` of `parts` along an axis. */
function part({ shape, data }: GoldenTensor, axis: number, p: number, parts: number): Host {
  const extent = shape[axis] / parts;
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const inPart = (_: number, i: number) =>
    Math.floor((Math.floor(i / inner) % shape[axis]) / extent) === p;
  return { shape: shape.map((e, a) => (a === axis ? extent : e)), data: data.filter(inPart) };
}

/** The three axes in another order. */
function permuted({ shape, data }: Host, axes: readonly number[]): Host {
  const strides = [shape[1] * shape[2], shape[2], 1];
  const to = axes.map((axis) => shape[axis]);
  const from = (i: number): number => {
    const place = [Math.floor(i / (to[1] * to[2])), Math.floor(i / to[2]) % to[1], i % to[2]];
    return place.reduce((sum, at, k) => sum + at * strides[axes[k]], 0);
  };
  return { shape: to, data: Float32Array.from(data, (_, i) => data[from(i)]) };
}

const timeBeforeChannels = (host: Host): Host => permuted(host, [0, 2, 1]);
const keras = (weight: Host): Host => permuted(weight, [2, 1, 0]);

const cases = await goldenCases('layers', 'conv1d');

describe('golden conv1d', () => {
  it.each(cases)('$name', async (golden) => {
    const { config, inputs, params, outputs, outgrads, grads } = golden;
    const { kernel_size: kernelSize, stride = 1, dilation = 1, groups = 1, padding = 0 } = config;
    expect([0, (kernelSize - 1) / 2]).toContain(padding);
    // Groups of channels are convolutions side by side.
    for (let g = 0; g < groups; g++) {
      const channels = (of: GoldenTensor) => timeBeforeChannels(part(of, 1, g, groups));
      const filters = (of: GoldenTensor) => part(of, 0, g, groups);
      const bias = filters(params.bias);
      const found = await compareLayer({
        make: () =>
          conv1D(bias.shape[0], kernelSize, {
            strides: stride,
            dilationRate: dilation,
            padding: padding ? 'same' : 'valid',
          }),
        x: channels(inputs.x),
        weights: [keras(filters(params.weight)), bias],
        cotangent: channels(outgrads.y),
      });
      const y = channels(outputs.y);
      expect(found.shape).toEqual(y.shape);
      const wanted: [string, ArrayLike<number>, Host][] = [
        ['y', found.y, y],
        ['gradient of x', found.gradients.x, channels(grads.x)],
        ['gradient of the kernel', found.gradients.kernel, keras(filters(grads.weight))],
        ['gradient of the bias', found.gradients.bias, filters(grads.bias)],
      ];
      for (const [what, actual, { data }] of wanted)
        expectClose(actual, data, what, TOLERANCE.golden);
    }
  });
});

/** Conv1D: values written out, GPU against twin, gradients against finite differences, and what it says of bad input. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Conv1DOptions } from '../../src/layers/conv1d.ts';
import * as layers from '../../src/layers/index.ts';
import { setDevice } from '../../src/tensor.ts';
import { checkLayer, compareLayer } from '../support/check-layer.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import { numbers, run, stack } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;

describe('Conv1D', () => {
  // filters, kernelSize, [batch, time, channels], extent of the output's time
  it.each<[Conv1DOptions, number, number, number[], number]>([
    [{}, 5, 3, [3, 9, 4], 7],
    [{ padding: 'same' }, 4, 4, [2, 7, 3], 7],
    [{ padding: 'causal', dilationRate: 2 }, 3, 3, [2, 6, 5], 6],
    [{ strides: 2, activation: 'relu' }, 4, 3, [3, 8, 4], 3],
    [{ strides: 3, padding: 'same', activation: 'gelu' }, 2, 2, [2, 8, 3], 3],
    [{ strides: 3, padding: 'causal', useBias: false }, 2, 2, [2, 8, 1], 3],
    [{ strides: 2, dilationRate: 3 }, 33, 2, [1, 6, 65], 2],
    [{}, 1, 1, [1, 1, 1], 1],
    [{ dilationRate: 9 }, 1, 1, [2, 3, 4], 3],
  ])('%j', async (options, filters, kernelSize, shape, outputs) => {
    const make = () => layers.conv1D(filters, kernelSize, options);
    const bias = options.useBias === false ? [] : [floats([filters], 3)];
    const check = options.activation === 'relu' ? compareLayer : checkLayer;
    const found = await check({
      make,
      x: floats(shape, 1),
      weights: [floats([kernelSize, shape[2], filters], 2), ...bias],
    });
    expect(found.shape).toEqual([shape[0], outputs, filters]);
    expect(make().apply(input({ shape: shape.slice(1) })).shape).toEqual([null, outputs, filters]);
  });

  it.each([
    ['valid', 1, 1, [12, 23, 34]],
    ['same', 1, 1, [12, 23, 34, 40]],
    ['same', 2, 1, [12, 34]],
    ['causal', 1, 1, [1, 12, 23, 34]],
    ['causal', 1, 2, [1, 2, 13, 24]],
    ['valid', 2, 1, [12, 34]],
  ] as const)('gives what Keras gives: %s, strides %i, dilation %i', async (...one) => {
    const [padding, strides, dilationRate, wanted] = one;
    for (const device of await openAll()) {
      const layer = layers.conv1D(1, 2, { padding, strides, dilationRate });
      const network = stack(device, { shape: [null, 1] }, [layer]);
      expect(network.weights.map(({ name, shape }) => [name, ...shape])).toEqual([
        ['conv1d/kernel', 2, 1, 1],
        ['conv1d/bias', 1],
      ]);
      network.setWeights([numbers([2, 1, 1], 10, 1), numbers([1], 0)]);
      const { outputs } = await run(network, device, [numbers([1, 4, 1], 1, 2, 3, 4)]);
      expect(outputs).toEqual([[wanted.map((value) => [value])]]);
    }
  });

  it('does not pass a mask on', async () => {
    const network = stack(reference, { shape: [3, 1] }, [layers.masking(), layers.conv1D(1, 2)]);
    const { masks } = await run(network, reference, [numbers([1, 3, 1], 1, 2, 0)]);
    expect(masks).toEqual([null]);
  });

  it('leaves unknown lengths open', () => {
    expect(layers.conv1D(2, 3).apply(input({ shape: [null, 4] })).shape).toEqual([null, null, 2]);
  });

  it('says what is wrong', async () => {
    expect(() => layers.conv1D(2, 0)).toThrow(
      'conv1d: expected kernelSize to be a positive whole number, got 0',
    );
    expect(() => layers.conv1D(2, 3, { strides: 1.5 })).toThrow(
      'conv1d: expected strides to be a positive whole number, got 1.5',
    );
    expect(() => layers.conv1D(2, 3, { padding: 'full' as never })).toThrow(
      "conv1d: expected padding to be one of valid, same, causal, got 'full'",
    );
    expect(() => layers.conv1D(2, 3, { groups: 2 } as never)).toThrow(
      /^conv1d: expected options of name, trainable, filters, .*, got 'groups'/,
    );
    expect(() => layers.conv1D(2, 3).apply(input({ shape: [4] }))).toThrow(
      'conv1d: expected an input of rank 3 [batch, time, features], got float32[null,4]',
    );
    const tooShort =
      "conv1d: expected at least 5 time steps, which its kernel spans, got 4; use padding: 'same' or longer inputs";
    const layer = () => layers.conv1D(2, 3, { dilationRate: 2 });
    expect(() => layer().apply(input({ shape: [4, 1] }))).toThrow(tooShort);
    const open = stack(reference, { shape: [null, 1] }, [layer()]);
    await expect(run(open, reference, [floats([1, 4, 1], 1)])).rejects.toThrow(tooShort);
  });
});

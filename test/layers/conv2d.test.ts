/** Convolution and pooling over pictures. */
import { describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import { input } from '../../src/layers/input.ts';
import type { Conv2DOptions } from '../../src/layers/conv2d.ts';
import type { MaxPooling2DOptions } from '../../src/layers/max_pooling2d.ts';
import { maxPool2D } from '../../src/ops/max_pool2d.ts';
import { tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { checkLayer, compareLayer } from '../support/check-layer.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { numbers, run, stack } from './support.ts';

type Two = readonly [number, number];
const two = (value: number | Two | null | undefined, otherwise: Two): Two =>
  typeof value === 'number' ? [value, value] : (value ?? otherwise);

/** Where windows begin: the first, and how many there are. */
function windowsAlong(extent: number, size: number, stride: number, same: boolean) {
  if (!same) return { first: 0, count: Math.floor((extent - size) / stride) + 1 };
  const count = Math.ceil(extent / stride);
  return { first: -Math.floor(Math.max((count - 1) * stride + size - extent, 0) / 2), count };
}

/** Visits every window of a picture: `see(b, y, x, places)`, places being [place in the window, row, column] of what lies in the picture. */
function eachWindow(
  [batch, height, width]: readonly number[],
  size: Two,
  strides: Two,
  dilation: Two,
  same: boolean,
  see: (at: readonly number[], places: readonly (readonly number[])[]) => void,
): Two {
  const [rows, columns] = [height, width].map((extent, axis) =>
    windowsAlong(extent, dilation[axis] * (size[axis] - 1) + 1, strides[axis], same),
  );
  for (let b = 0; b < batch; b++)
    for (let y = 0; y < rows.count; y++)
      for (let x = 0; x < columns.count; x++) {
        const places: number[][] = [];
        for (let i = 0; i < size[0]; i++)
          for (let j = 0; j < size[1]; j++) {
            const row = rows.first + y * strides[0] + i * dilation[0];
            const column = columns.first + x * strides[1] + j * dilation[1];
            if (row >= 0 && row < height && column >= 0 && column < width)
              places.push([i * size[1] + j, row, column]);
          }
        see([b, y, x], places);
      }
  return [rows.count, columns.count];
}

function naiveConvolution(x: Host, kernel: Host, options: Conv2DOptions) {
  const [, height, width, channels] = x.shape;
  const [kh, kw, , filters] = kernel.shape;
  const values: number[] = [];
  const extents = eachWindow(
    x.shape,
    [kh, kw],
    two(options.strides, [1, 1]),
    two(options.dilationRate, [1, 1]),
    options.padding === 'same',
    ([b], places) => {
      for (let f = 0; f < filters; f++) {
        let sum = 0;
        for (const [place, row, column] of places)
          for (let c = 0; c < channels; c++)
            sum +=
              x.data[((b * height + row) * width + column) * channels + c] *
              kernel.data[(place * channels + c) * filters + f];
        values.push(sum);
      }
    },
  );
  return { values, extents };
}

describe('conv2D', () => {
  it.each<[Conv2DOptions, number, number | Two, number[]]>([
    [{}, 3, 3, [2, 6, 5, 2]],
    [{ padding: 'same' }, 2, [2, 3], [2, 4, 5, 3]],
    [{ strides: 2, padding: 'same' }, 3, 3, [2, 7, 6, 2]],
    [{ strides: [1, 2], dilationRate: [2, 1] }, 2, [2, 3], [1, 6, 7, 3]],
    [{ dilationRate: 2, padding: 'same' }, 2, 3, [1, 5, 6, 2]],
    [{ strides: [3, 1] }, 33, 1, [1, 5, 4, 65]],
    [{}, 1, 1, [1, 1, 1, 1]],
  ])('%j, %i filters of %j, on %j', async (options, filters, kernelSize, shape) => {
    const x = floats(shape, 1);
    const kernel = floats([...two(kernelSize, [1, 1]), shape[3], filters], 2);
    const { values, extents } = naiveConvolution(x, kernel, options);
    const make = () => layers.conv2D(filters, kernelSize, { ...options, useBias: false });
    const found = await checkLayer({ make, x, weights: [kernel] });
    expect(found.shape).toEqual([shape[0], ...extents, filters]);
    expectClose(found.y, values, 'output');
    expect(make().apply(input({ shape: shape.slice(1) })).shape).toEqual([
      null,
      ...extents,
      filters,
    ]);
  });

  it('has a bias and an activation', async () => {
    const x = floats([2, 4, 4, 2], 1);
    const kernel = floats([2, 2, 2, 3], 2);
    const bias = floats([3], 3);
    const make = () => layers.conv2D(3, 2, { activation: 'relu' });
    const found = await compareLayer({ make, x, weights: [kernel, bias] });
    const { values } = naiveConvolution(x, kernel, {});
    expectClose(
      found.y,
      values.map((value, i) => Math.max(value + bias.data[i % 3], 0)),
      'output',
    );
    expect(Object.keys(found.weights)).toEqual(['kernel', 'bias']);
    await checkLayer({
      make: () => layers.conv2D(3, 2, { activation: 'tanh' }),
      x,
      weights: [kernel, bias],
    });
  });

  it('looks at each picture of a film', async () => {
    const film = floats([2, 3, 5, 4, 2], 4);
    const weights = [floats([2, 2, 2, 3], 5), floats([3], 6)];
    const found = await checkLayer({
      make: () => layers.timeDistributed(layers.conv2D(3, 2)),
      x: film,
      weights,
    });
    expect(found.shape).toEqual([2, 3, 4, 3, 3]);
    const pictures = { shape: [6, 5, 4, 2], data: film.data };
    const { values } = naiveConvolution(pictures, weights[0], {});
    expectClose(
      found.y,
      values.map((value, i) => value + weights[1].data[i % 3]),
      'output',
    );
  });

  it('draws its kernel by what an output sees', () => {
    const network = stack(reference, { shape: [8, 8, 3] }, [layers.conv2D(16, 3)]);
    expect(network.weights.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['conv2d/kernel', 3, 3, 3, 16],
      ['conv2d/bias', 16],
    ]);
    expect(network.countParams()).toBe(3 * 3 * 3 * 16 + 16);
  });

  it('leaves unknown extents open', () => {
    const x = input({ shape: [null, 6, 2] });
    expect(layers.conv2D(4, 3).apply(x).shape).toEqual([null, null, 4, 4]);
  });

  it('says what is wrong', async () => {
    expect(() => layers.conv2D(2, [3, 0])).toThrow(
      'conv2d: expected kernelSize to be a positive whole number, got 0',
    );
    expect(() => layers.conv2D(2, [3] as never)).toThrow(
      'conv2d: expected kernelSize to be a number or a pair [rows, columns], got a list of 1',
    );
    expect(() => layers.conv2D(2, 3, { padding: 'causal' as never })).toThrow(
      "conv2d: expected padding to be one of valid, same, got 'causal'",
    );
    expect(() => layers.conv2D(2, 3, { dataFormat: 'channelsFirst' as never })).toThrow(
      "conv2d: expected dataFormat to be one of channelsLast, got 'channelsFirst'",
    );
    expect(() => layers.conv2D(2, 3).apply(input({ shape: [8, 8] }))).toThrow(
      'conv2d: expected an input of rank 4 [batch, height, width, channels], got float32[null,8,8]',
    );
    const tooSmall =
      "conv2d: expected at least 5 columns, which its kernel spans, got 4; use padding: 'same' or longer inputs";
    const layer = () => layers.conv2D(2, 3, { dilationRate: 2 });
    expect(() => layer().apply(input({ shape: [5, 4, 1] }))).toThrow(tooSmall);
    const open = stack(reference, { shape: [null, null, 1] }, [layer()]);
    await expect(run(open, reference, [floats([1, 5, 4, 1], 1)])).rejects.toThrow(tooSmall);
  });
});

describe('maxPooling2D', () => {
  it.each<[number | Two, MaxPooling2DOptions, number[]]>([
    [2, {}, [2, 6, 4, 3]],
    [2, {}, [1, 5, 7, 2]],
    [[2, 3], { strides: 1 }, [2, 4, 5, 2]],
    [3, { padding: 'same' }, [1, 7, 5, 3]],
    [3, { strides: [1, 2], padding: 'same' }, [2, 4, 5, 1]],
    [2, { strides: 3 }, [2, 8, 7, 65]],
    [1, {}, [1, 1, 1, 1]],
  ])('of %j, %j, on %j', async (poolSize, options, shape) => {
    const x = floats(shape, 1);
    const size = two(poolSize, [1, 1]);
    const strides = two(options.strides, size);
    const values: number[] = [];
    const extents = eachWindow(
      shape,
      size,
      strides,
      [1, 1],
      options.padding === 'same',
      ([b], places) => {
        const at = (row: number, column: number, c: number) =>
          x.data[((b * shape[1] + row) * shape[2] + column) * shape[3] + c];
        for (let c = 0; c < shape[3]; c++)
          values.push(Math.max(...places.map(([, row, column]) => at(row, column, c))));
      },
    );
    const make = () => layers.maxPooling2D(poolSize, options);
    const found = await checkLayer({ make, x, weights: [] });
    expect(found.shape).toEqual([shape[0], ...extents, shape[3]]);
    expect([...found.y]).toEqual(values);
    expect(make().apply(input({ shape: shape.slice(1) })).shape).toEqual([
      null,
      ...extents,
      shape[3],
    ]);
  });

  it('gives the gradient to the first of equal ones, and adds it where windows overlap', async () => {
    const x = numbers([1, 2, 3, 1], 1, 1, 1, 1, 2, 1);
    const cotangent = numbers([1, 1, 2, 1], 10, 1);
    const overlapping = await compareLayer({
      make: () => layers.maxPooling2D(2, { strides: 1 }),
      ...{ x, cotangent, weights: [] },
    });
    expect([...overlapping.gradients.x]).toEqual([0, 0, 0, 0, 11, 0]);
    const equal = await compareLayer({
      make: () => layers.maxPooling2D([2, 1], { strides: 1 }),
      ...{ x: numbers([1, 2, 2, 1], 1, 1, 1, 1), weights: [], cotangent },
    });
    expect([...equal.gradients.x]).toEqual([10, 1, 0, 0]);
  });

  it('does not lose NaN', async () => {
    for (const device of await openAll({ poison: true })) {
      const x = tensor([1, NaN, 3, -1, -2, -3], [1, 1, 6, 1], 'float32', device);
      const y = await maxPool2D(x, [1, 3], [1, 3], [0, 0], [1, 2]).data();
      expect([Number.isNaN(y[0]), y[1]]).toEqual([true, -1]);
    }
  });

  it('is 2 by 2 where nothing else is said', () => {
    expect(layers.maxPooling2D().getConfig()).toMatchObject({
      ...{ poolSize: [2, 2], strides: [2, 2], padding: 'valid', dataFormat: 'channelsLast' },
    });
    expect(layers.maxPooling2D().name).toBe('max_pooling2d');
    expect(() => layers.maxPooling2D(3).apply(input({ shape: [2, 4, 1] }))).toThrow(
      /^max_pooling2d: expected at least 3 rows/,
    );
  });
});

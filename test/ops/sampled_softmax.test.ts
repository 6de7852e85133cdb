import { describe, expect, it } from 'vitest';
import { softmaxCrossEntropy } from '../../src/ops/cross_entropy.ts';
import { matmul } from '../../src/ops/matmul.ts';
import { sampledSoftmaxLoss } from '../../src/ops/sampled_softmax.ts';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp, compute, expectClose } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';

type Options = Parameters<typeof sampledSoftmaxLoss>[4];

const labels = integers([2, 3], 4, 0, 20);
const inputs = [floats([20, 5], 1), floats([20], 2), floats([2, 3, 5], 3)];
const sampled =
  (options: Options) =>
  ([weights, biases, x]: Tensor[]): Tensor =>
    sampledSoftmaxLoss(
      weights,
      biases,
      tensor(labels.data, labels.shape, 'int32', x.device),
      x,
      options,
    );

describe('sampledSoftmaxLoss', () => {
  it.each([
    { numSampled: 6, seed: 1 },
    { numSampled: 1, seed: 2, step: 5 },
    { numSampled: 19, seed: 3 },
    { numSampled: 12, seed: 4, removeAccidentalHits: false },
    { numSampled: 99, seed: 5 },
  ])('%j', async (options) => {
    const { outputs } = await checkOp(sampled(options), inputs);
    expect(outputs[0].shape).toEqual([2, 3]);
  });

  it('is the softmax over all classes where all of them are drawn', async () => {
    const { outputs, gradients } = await checkOp(sampled({ numSampled: 20, seed: 1 }), inputs);
    const whole = await compute(
      reference,
      ([weights, biases, x]) =>
        softmaxCrossEntropy(
          matmul(x, weights, { transposeB: true, bias: biases }),
          tensor(labels.data, labels.shape, 'int32', reference),
        ),
      inputs,
    );
    const exact = { absolute: 1e-12, relative: 1e-12 };
    expectClose(outputs[0].data, whole.outputs[0].data, 'loss', exact);
    whole.gradients.forEach((gradient, i) =>
      expectClose(gradients[i]!, gradient!, `gradient ${i}`, exact),
    );
  });

  it('goes without biases', async () => {
    const { outputs } = await checkOp(
      ([weights, x]) =>
        sampledSoftmaxLoss(weights, null, tensor(labels.data, [2, 3], 'int32', x.device), x, {
          ...{ numSampled: 7, seed: 1 },
        }),
      [inputs[0], inputs[2]],
    );
    expect(outputs[0].data.every((loss: number) => loss > 0)).toBe(true);
  });

  it('draws other classes with every step, and the same for the same step', async () => {
    const lossAt = async (step: number, seed = 1) => {
      const { outputs } = await compute(reference, sampled({ numSampled: 5, seed, step }), inputs);
      return outputs[0].data.join();
    };
    expect(await lossAt(0)).toBe(await lossAt(0));
    expect(
      new Set([await lossAt(0), await lossAt(1), await lossAt(2), await lossAt(0, 2)]).size,
    ).toBe(4);
  });

  it('has gradients that are those of all classes on average', async () => {
    const classes = 30;
    const [weights, x] = [floats([classes, 4], 6), floats([50, 4], 7)];
    const y = integers([50], 8, 0, classes);
    const gradientOf = async (numSampled: number, step: number): Promise<number[]> => {
      const { gradients } = await compute(
        reference,
        ([w, h]) =>
          sampledSoftmaxLoss(w, null, tensor(y.data, y.shape, 'int32', reference), h, {
            ...{ numSampled, seed: 9, step },
          }),
        [weights, x],
        { cotangents: [{ shape: [50], data: new Float32Array(50).fill(1) }] },
      );
      return [...gradients[0]!];
    };
    const exact = await gradientOf(classes, 0);
    const mean = new Float64Array(exact.length);
    for (let step = 0; step < 200; step++)
      (await gradientOf(15, step)).forEach((value, i) => (mean[i] += value / 200));
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
    const cosine = dot(exact, mean) / Math.sqrt(dot(exact, exact) * dot(mean, mean));
    expect(cosine).toBeGreaterThan(0.99);
    expect(Math.sqrt(dot(mean, mean) / dot(exact, exact))).toBeCloseTo(1, 0);
  });

  it('refuses bad input', () => {
    const on = (shape: number[], dtype: 'float32' | 'int32' = 'float32') =>
      tensor(new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0), shape, dtype, reference);
    const draw = { numSampled: 2, seed: 1 };
    const [w, b, x] = [on([9, 4]), on([9]), on([3, 4])];
    const y = on([3], 'int32');
    expect(() => sampledSoftmaxLoss(w, on([8]), y, x, draw)).toThrow(
      'sampledSoftmaxLoss: expected float32 biases [9], got float32[8]',
    );
    expect(() => sampledSoftmaxLoss(w, b, y, on([3, 5]), draw)).toThrow(
      'sampledSoftmaxLoss: expected float32 inputs [3,4] for labels int32[3] and weights float32[9,4], got float32[3,5]',
    );
    expect(() => sampledSoftmaxLoss(w, b, on([3]), x, draw)).toThrow(/expected int32 labels/);
    expect(() => sampledSoftmaxLoss(b, b, y, x, draw)).toThrow(/expected float32 weights/);
    expect(() => sampledSoftmaxLoss(w, b, y, x, { numSampled: 0, seed: 1 })).toThrow(
      'sampledSoftmaxLoss: expected numSampled to be a positive whole number, got 0',
    );
    const far = tensor(Int32Array.of(1, 9, 2), [3], 'int32', reference);
    expect(() => sampledSoftmaxLoss(w, b, far, x, draw)).toThrow(/expected ids in 0…8 .*, got 9/);
  });
});

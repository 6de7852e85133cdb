/** PyTorch's LayerNorm: golden -> the layer on the float64 twin -> the layer on each device, values and every gradient. */
import { describe, expect, it } from 'vitest';
import { backward } from '../../src/backward.ts';
import type { Device, NumericArray } from '../../src/backend.ts';
import * as layers from '../../src/layers/index.ts';
import { Network } from '../../src/layers/network.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { reference, testedDevices } from '../support/devices.ts';
import type { GoldenCase } from '../support/fixtures.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { goldenCases } from './cases.ts';

/** The output, and the gradients of the input and of the weights. */
async function compute(golden: GoldenCase, device: Device): Promise<Record<string, NumericArray>> {
  const { normalizedShape, elementwiseAffine, eps } = golden.config;
  const [batch, ...shape] = golden.inputs.x.shape;
  const layer = layers.layerNormalization({
    axis: normalizedShape.map((_: number, k: number) => k - normalizedShape.length),
    epsilon: eps,
    center: elementwiseAffine,
    scale: elementwiseAffine,
  });
  const network = new Network({ layers: [layers.input({ shape }), layer], device });
  if (elementwiseAffine) network.setWeights([golden.params.weight, golden.params.bias]);
  const plain = tensor(golden.inputs.x.data, [batch, ...shape], 'float32', device);
  const x = new Variable(device, plain.storage, plain.shape, 'x', true);
  const seed = tensor(golden.outgrads.y.data, golden.outgrads.y.shape, 'float32', device);
  const found = scope(() => {
    const [y] = network.forward([x], { training: true }).outputs;
    const gradients = backward(y, [seed]);
    const [weight, bias] = network.weights.map((variable) => gradients.get(variable)!);
    return { y, x: gradients.get(x)!, ...(weight ? { weight, bias } : {}) };
  });
  const read: Record<string, NumericArray> = {};
  for (const [name, value] of Object.entries(found)) read[name] = await value.data();
  return read;
}

const cases = await goldenCases('layers', 'layernorm');

describe('golden layernorm', () => {
  it.each(cases)('$name', async (golden) => {
    const twin = await compute(golden, reference);
    const wanted = { y: golden.outputs.y, ...golden.grads };
    expect(Object.keys(twin).sort()).toEqual(Object.keys(wanted).sort());
    for (const [name, { data }] of Object.entries(wanted))
      expectClose(twin[name], data, `twin: ${name}`, TOLERANCE.golden);
    for (const { name: device, open, tolerance } of testedDevices) {
      const actual = await compute(golden, await open());
      for (const name of Object.keys(wanted))
        expectClose(actual[name], twin[name], `${device}: ${name}`, tolerance.op);
    }
  });
});

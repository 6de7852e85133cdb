/** Holds an op against PyTorch's: golden -> float64 twin -> each device, values and the gradient of every input. */
import { expect } from 'vitest';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp, expectClose } from './check.ts';
import type { GoldenCase, GoldenTensor } from './fixtures.ts';
import type { Host } from './random.ts';
import { TOLERANCE } from './tolerances.ts';

/** Computes the op of a case; inputs by name, params among them. */
export type GoldenBuild = (
  inputs: Record<string, Tensor>,
  config: Record<string, any>,
) => Tensor | Tensor[];

const hostOf = ({ shape, data }: GoldenTensor): Host => ({ shape: [...shape], data });

export async function checkGolden(golden: GoldenCase, build: GoldenBuild): Promise<void> {
  const given = { ...golden.inputs, ...golden.params };
  const names = Object.keys(given);
  const hasGradient = Object.keys(golden.grads).length > 0;
  const cotangents = Object.values(golden.outgrads).map(hostOf);
  // The gradients stand against PyTorch's, and kinks are among the inputs: no finite differences.
  const options = { gradient: hasGradient, finiteDifferences: false, cotangents };
  const { outputs, gradients } = await checkOp(
    (tensors) => build(Object.fromEntries(tensors.map((t, i) => [names[i], t])), golden.config),
    Object.values(given).map(hostOf),
    options,
  );
  const values = Object.entries(golden.outputs).filter(([name]) => name !== 'loss');
  expect(values.length, 'outputs').toBe(outputs.length);
  values.forEach(([name, { shape, data }], i) => {
    expect(outputs[i].shape, name).toEqual(shape);
    expectClose(outputs[i].data, data, name, TOLERANCE.golden);
  });
  for (const [name, { data }] of Object.entries(golden.grads)) {
    const gradient = gradients[names.indexOf(name)];
    expect(gradient, `gradient of ${name}`).not.toBeNull();
    expectClose(gradient!, data, `gradient of ${name}`, TOLERANCE.golden);
  }
}

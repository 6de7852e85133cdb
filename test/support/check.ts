/**
 * One helper that holds an op against everything: every device against the float64 twin, values and gradients, with random
 * cotangents; and the twin's gradients against finite differences in a random direction.
 */
import { expect } from 'vitest';
import { backward } from '../../src/backward.ts';
import type { Device, NumericArray, SequenceOptions } from '../../src/backend.ts';
import { scope, sizeOf, tensor, Tensor, Variable } from '../../src/tensor.ts';
import { referenceWith, testedDevices } from './devices.ts';
import { floats } from './random.ts';
import type { Host } from './random.ts';
import { TOLERANCE, type Tolerance } from './tolerances.ts';

export type Build = (inputs: Tensor[]) => Tensor | Tensor[];
export interface CheckOptions {
  /** The row of a device's tolerances; `op`. */
  tolerance?: 'op' | 'long';
  /** How the devices run sequences; by their rules. */
  sequence?: SequenceOptions;
  /** False for ops without a gradient. */
  gradient?: boolean;
  /** False where the function is not smooth at the inputs. */
  finiteDifferences?: boolean;
  seed?: number;
}

export interface Computed {
  outputs: { shape: readonly number[]; data: NumericArray }[];
  /** By input; null for int32 inputs and where no gradient arrives. */
  gradients: (NumericArray | null)[];
}

/** |a-b| <= absolute + relative * max|b|, element by element; names the tensor and the worst index. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance: Tolerance = TOLERANCE.gpu,
): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length);
  let scale = 0;
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]));
  const bound = tolerance.absolute + tolerance.relative * scale;
  let worst = -1;
  let worstDistance = bound;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i], expected[i]];
    if (Object.is(a, b) || a === b) continue;
    const distance = Math.abs(a - b);
    // Not `distance > bound`: NaN must fail.
    if (!(distance <= worstDistance)) {
      worst = i;
      worstDistance = Number.isNaN(distance) ? Infinity : distance;
    }
  }
  if (worst >= 0)
    expect.fail(
      `${what}[${worst}] is ${actual[worst]}, expected ${expected[worst]} (off by ${worstDistance}, allowed ${bound})`,
    );
}

function leaf(device: Device, host: Host): Tensor {
  const plain = tensor(host.data, host.shape, undefined, device);
  if (host.data instanceof Int32Array) return plain;
  return new Variable(device, plain.storage, host.shape, 'input', true);
}

/**
 * Values and gradients of `build` on a device, which should be one with `poison`; `cotangents` are those of its outputs.
 */
export async function compute(
  device: Device,
  build: Build,
  inputs: Host[],
  options: { gradient?: boolean; seed?: number; cotangents?: (Host | null)[] } = {},
): Promise<Computed> {
  const results = scope(() => {
    const leaves = inputs.map((host) => leaf(device, host));
    const built = build(leaves);
    const outputs = built instanceof Tensor ? [built] : built;
    if (options.gradient === false) return { outputs, gradients: leaves.map(() => null) };
    const roots = outputs.filter((output) => output.tracked);
    const seeds = outputs.map((output, i) => {
      const host =
        options.cotangents?.[i] ?? floats([...output.shape], 7700 + (options.seed ?? 0) + i);
      return tensor(host.data, output.shape, 'float32', device);
    });
    const found = backward(
      roots,
      seeds.filter((_, i) => outputs[i].tracked),
    );
    return { outputs, gradients: leaves.map((input) => found.get(input)) };
  });
  const outputs = await Promise.all(
    results.outputs.map(async (output) => ({ shape: output.shape, data: await output.data() })),
  );
  const gradients = await Promise.all(
    results.gradients.map((gradient) => (gradient ? gradient.data() : Promise.resolve(null))),
  );
  for (const t of new Set([...results.outputs, ...results.gradients])) t?.dispose();
  return { outputs, gradients };
}

/** Each device against the twin, the twin against finite differences. Returns what the twin computed. */
export async function checkOp(
  build: Build,
  inputs: Host[],
  options: CheckOptions = {},
): Promise<Computed> {
  const { sequence } = options;
  const expected = await compute(referenceWith(sequence), build, inputs, options);
  for (const { name, open, tolerance } of testedDevices) {
    const actual = await compute(await open({ sequence, poison: true }), build, inputs, options);
    expectSame(actual, expected, name, tolerance[options.tolerance ?? 'op']);
  }
  if (options.gradient !== false && options.finiteDifferences !== false)
    await checkFiniteDifferences(build, inputs, expected, options);
  return expected;
}

/** Outputs with their shapes, and gradients. */
export function expectSame(
  actual: Computed,
  expected: Computed,
  where: string,
  tolerance: Tolerance,
): void {
  expected.outputs.forEach(({ shape, data }, i) => {
    expect(actual.outputs[i].shape, `${where}: shape of output ${i}`).toEqual(shape);
    expectClose(actual.outputs[i].data, data, `${where}: output ${i}`, tolerance);
  });
  expected.gradients.forEach((gradient, i) => {
    const what = `${where}: gradient of input ${i}`;
    expect(actual.gradients[i] === null, `${what} is absent`).toBe(gradient === null);
    if (gradient) expectClose(actual.gradients[i]!, gradient, what, tolerance);
  });
}

/** The directional derivative of the twin, from its gradients and from two evaluations. */
async function checkFiniteDifferences(
  build: Build,
  inputs: Host[],
  expected: Computed,
  options: CheckOptions,
): Promise<void> {
  const step = 1e-5;
  const twin = referenceWith(options.sequence);
  const directions = inputs.map((host, i) => floats(host.shape, 991 + i).data);
  const cotangents = expected.outputs.map((output, i) =>
    floats([...output.shape], 7700 + (options.seed ?? 0) + i),
  );
  const valueAt = async (offset: number): Promise<number> => {
    const moved = inputs.map((host, i) =>
      host.data instanceof Int32Array
        ? host
        : {
            shape: host.shape,
            // A Float64Array keeps the small step; the twin computes in float64.
            data: Float64Array.from(
              host.data,
              (x, k) => x + offset * directions[i][k],
            ) as unknown as Float32Array,
          },
    );
    const { outputs } = await compute(twin, build, moved, { gradient: false });
    let sum = 0;
    outputs.forEach((output, o) => {
      for (let k = 0; k < output.data.length; k++) sum += output.data[k] * cotangents[o].data[k];
    });
    return sum;
  };
  const numeric = ((await valueAt(step)) - (await valueAt(-step))) / (2 * step);
  let analytic = 0;
  let magnitude = 1;
  expected.gradients.forEach((gradient, i) => {
    if (!gradient) return;
    for (let k = 0; k < sizeOf(inputs[i].shape); k++) {
      const term = gradient[k] * directions[i][k];
      analytic += term;
      magnitude += Math.abs(term);
    }
  });
  expectClose([analytic], [numeric], 'directional derivative against finite differences', {
    absolute: 1e-6 * magnitude,
    relative: 1e-6,
  });
}

/** What the tests of layers share. */
import { expect } from 'vitest';
import { backward } from '../../src/backward.ts';
import type { Device, NumericArray } from '../../src/backend.ts';
import type { CallContext, Config, Layer, SymbolicTensor } from '../../src/layers/base.ts';
import { input } from '../../src/layers/input.ts';
import type { InputOptions } from '../../src/layers/input.ts';
import { Network } from '../../src/layers/network.ts';
import { layerFromConfig, loadClasses, networkOptions } from '../../src/model/from_config.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import type { Nested, Tensor } from '../../src/tensor.ts';
import { checkOp, expectClose } from '../support/check.ts';
import type { Computed } from '../support/check.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import type { Tolerance } from '../support/tolerances.ts';

/** [n, ...] as nested lists. */
export function nested({
  data,
  shape,
}: {
  data: ArrayLike<number>;
  shape: readonly number[];
}): any {
  let values: any[] = Array.from(data);
  for (const extent of shape.slice(1).reverse())
    values = Array.from({ length: values.length / extent }, (_, i) =>
      values.slice(i * extent, (i + 1) * extent),
    );
  return values;
}

/** A layer from what its `getConfig()` gave. */
export async function loadLayer(className: string, config: Config): Promise<Layer> {
  const description = { className, config };
  return layerFromConfig(description, await loadClasses(description));
}

/** A network with new weights, from what its `getConfig()` gave. */
export async function networkFromConfig(
  config: Parameters<typeof networkOptions>[0],
  options: { seed?: number; device?: Device } = {},
): Promise<Network> {
  return new Network({ ...networkOptions(config, await loadClasses(config)), ...options });
}

/** A model of one layer (or a stack) on `device`. */
export function stack(
  device: Device,
  start: InputOptions | null,
  layers: Layer[],
  seed = 1,
): Network {
  return new Network({ layers: start ? [input(start), ...layers] : layers, device, seed });
}

export interface Ran {
  outputs: Nested[];
  masks: (Nested | null)[];
}

/** Outputs and masks of a model as nested lists. */
export async function run(
  network: Network,
  device: Device,
  inputs: Host[],
  context: Omit<Partial<CallContext>, 'masks'> & { masks?: (Host | null)[] } = {},
): Promise<Ran> {
  const place = (host: Host | null) => host && tensor(host.data, host.shape, undefined, device);
  const { outputs, masks } = scope(() =>
    network.forward(inputs.map(place) as never, {
      ...context,
      masks: (context.masks ?? []).map(place),
    }),
  );
  const read: Ran = { outputs: [], masks: [] };
  for (const output of outputs) read.outputs.push(await output.array());
  for (const mask of masks) read.masks.push(mask ? await mask.array() : null);
  return read;
}

/** Names of the weights that a gradient reaches. */
export function reached(network: Network, device: Device, inputs: Host[]): string[] {
  return scope(() => {
    const tensors = inputs.map(({ data, shape }) => tensor(data, shape, undefined, device));
    const [output] = network.forward(tensors, { training: true }).outputs;
    const seeds = [tensor(new Float32Array(output.size).fill(1), output.shape, 'float32', device)];
    const found = backward(output, seeds);
    return network.weights.filter((weight) => found.get(weight)).map((weight) => weight.name);
  });
}

export function ints(shape: number[], ...data: number[]): Host {
  return { shape, data: Int32Array.from(data) };
}
export function numbers(shape: number[], ...data: number[]): Host {
  return { shape, data: Float32Array.from(data) };
}

export interface Outcome {
  outputs: NumericArray[];
  /** Of the float inputs, then of the weights; null where none arrives. */
  gradients: (NumericArray | null)[];
}

/** Outputs of a model, and gradients for random cotangents, the same for the same shapes. */
export async function outcome(
  network: Network,
  inputs: Host[],
  context: Omit<Partial<CallContext>, 'masks'> & { masks?: (Host | null)[] } = {},
): Promise<Outcome> {
  const { device } = network;
  const found = scope(() => {
    const place = ({ data, shape }: Host) => tensor(data, shape, undefined, device);
    const leaves = inputs.map((host) => {
      const plain = place(host);
      if (plain.dtype === 'int32') return plain;
      return new Variable(device, plain.storage, host.shape, 'input', true);
    });
    const masks = (context.masks ?? []).map((host) => host && place(host));
    const { outputs } = network.forward(leaves, { training: true, ...context, masks });
    const seeds = outputs.map(({ shape }, i) => place(floats([...shape], 500 + i)));
    const reached = backward(outputs, seeds);
    const targets = [...leaves.filter(({ dtype }) => dtype !== 'int32'), ...network.weights];
    return { outputs, gradients: targets.map((target) => reached.get(target)) };
  });
  const outputs = await Promise.all(found.outputs.map((output) => output.data()));
  const gradients = await Promise.all(
    found.gradients.map(async (gradient) => gradient && (await gradient.data())),
  );
  for (const made of new Set([...found.outputs, ...found.gradients])) made?.dispose();
  return { outputs, gradients };
}

/** Whether both are the same, to the bit where no tolerance is given. */
export function expectOutcome(actual: Outcome, expected: Outcome, tolerance?: Tolerance): void {
  for (const group of ['outputs', 'gradients'] as const) {
    expect(actual[group].length, `number of ${group}`).toBe(expected[group].length);
    expected[group].forEach((values, i) => {
      const own = actual[group][i];
      const what = `${group} ${i}`;
      expect(own === null, `${what} is absent`).toBe(values === null);
      if (own && values && tolerance) expectClose(own, values, what, tolerance);
      else if (own && values) expect([...own], what).toEqual([...values]);
    });
  }
}

/** Holds a model of inputs like `hosts` on every device against the twin, and that against finite differences. */
export function checkModel(
  describeModel: (inputs: SymbolicTensor[]) => SymbolicTensor[],
  hosts: Host[],
  masks: (Host | null)[] = [],
): Promise<Computed> {
  const networks = new Map<Device, Network>();
  return checkOp((tensors: Tensor[]) => {
    const { device } = tensors[0];
    let network = networks.get(device);
    if (!network) {
      const inputs = tensors.map(({ shape, dtype }) => input({ shape: shape.slice(1), dtype }));
      network = new Network({ inputs, outputs: describeModel(inputs), device, seed: 8 });
      networks.set(device, network);
    }
    const placed = masks.map((host) => host && tensor(host.data, host.shape, undefined, device));
    return network.forward(tensors, { training: true, step: 2, masks: placed }).outputs;
  }, hosts);
}

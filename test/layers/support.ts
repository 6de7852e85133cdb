/** What the tests of layers share. */
import { backward } from '../../src/autograd.ts';
import type { Device } from '../../src/backend.ts';
import type { CallContext, Config, Layer } from '../../src/layers/base.ts';
import { input } from '../../src/layers/input.ts';
import type { InputOptions } from '../../src/layers/input.ts';
import { Network } from '../../src/layers/network.ts';
import { layerFromConfig, loadClasses, networkOptions } from '../../src/layers/from_config.ts';
import { scope, tensor } from '../../src/tensor.ts';
import type { Nested } from '../../src/tensor.ts';
import type { Host } from '../support/random.ts';

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

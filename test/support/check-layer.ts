/** Holds a layer of one input as `checkOp` holds an op, its weights among the inputs. */
import { expect } from 'vitest';
import { backward } from '../../src/backward.ts';
import type { Device, NumericArray } from '../../src/backend.ts';
import type { Layer } from '../../src/layers/base.ts';
import { input } from '../../src/layers/input.ts';
import { Network } from '../../src/layers/network.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import { expectClose } from './check.ts';
import { reference, testedDevices } from './devices.ts';
import { floats } from './random.ts';
import type { Host } from './random.ts';

export interface LayerCheck {
  make: () => Layer;
  x: Host;
  /** All weights, in the layer's order. */
  weights: Host[];
  mask?: Host;
  /** Of the output; random where it is left out. */
  cotangent?: Host;
  training?: boolean;
}

export interface ComputedLayer {
  y: NumericArray;
  shape: readonly number[];
  /** Of x, then of the weights that are trained, by their names in the layer. */
  gradients: Record<string, NumericArray>;
  /** All weights after the call, by their names in the layer. */
  weights: Record<string, NumericArray>;
}

export async function computeLayer(device: Device, check: LayerCheck): Promise<ComputedLayer> {
  const { make, x: given, weights, mask, training = true } = check;
  const layer = make();
  const network = new Network({ layers: [input({ shape: given.shape.slice(1) }), layer], device });
  network.setWeights(weights);
  const own = [...layer.namedWeights()];
  const found = scope(() => {
    const { storage } = tensor(given.data, given.shape, 'float32', device);
    const x = new Variable(device, storage, given.shape, 'x', true);
    const masks = mask ? [tensor(mask.data, mask.shape, 'int32', device)] : [];
    const [y] = network.forward([x], { training, masks }).outputs;
    const { data } = check.cotangent ?? floats([...y.shape], 77);
    const reached = backward(y, [tensor(data, y.shape, 'float32', device)]);
    const trained = own.filter(([, variable]) => variable.trainable);
    const leaves: [string, Variable][] = [['x', x], ...trained];
    return { y, gradients: leaves.map(([name, leaf]) => [name, reached.get(leaf)!] as const) };
  });
  const read = async (list: (readonly [string, { data(): Promise<NumericArray> }])[]) => {
    const values: Record<string, NumericArray> = {};
    for (const [name, one] of list) values[name] = await one.data();
    return values;
  };
  return {
    y: await found.y.data(),
    shape: found.y.shape,
    gradients: await read(found.gradients),
    weights: await read(own),
  };
}

/** Each device against the twin: the output, every gradient, and the weights as the call leaves them. Returns what the twin computed. */
export async function compareLayer(check: LayerCheck): Promise<ComputedLayer> {
  const twin = await computeLayer(reference, check);
  for (const { name: device, open, tolerance } of testedDevices) {
    const actual = await computeLayer(await open(), check);
    expect(actual.shape).toEqual(twin.shape);
    expectClose(actual.y, twin.y, `${device}: output`, tolerance.op);
    for (const group of ['gradients', 'weights'] as const)
      for (const [name, values] of Object.entries(twin[group]))
        expectClose(actual[group][name], values, `${device}: ${group} ${name}`, tolerance.op);
  }
  return twin;
}

/** The same, and the twin's gradients against finite differences in a random direction. */
export async function checkLayer(check: LayerCheck): Promise<ComputedLayer> {
  const twin = await compareLayer(check);
  const step = 1e-5;
  const cotangent = check.cotangent ?? floats([...twin.shape], 77);
  const [, ...trained] = Object.keys(twin.gradients);
  const names = Object.keys(twin.weights);
  const direction = (name: string, { shape }: Host) => floats(shape, 991 + name.length).data;
  const valueAt = async (offset: number): Promise<number> => {
    // A Float64Array keeps the small step; the twin computes in float64.
    const moved = (name: string, host: Host): Host => {
      const along = direction(name, host);
      return {
        shape: host.shape,
        data: Float64Array.from(
          host.data,
          (value, i) => value + offset * along[i],
        ) as unknown as Float32Array,
      };
    };
    const weights = check.weights.map((host, i) =>
      trained.includes(names[i]) ? moved(names[i], host) : host,
    );
    const { y } = await computeLayer(reference, { ...check, x: moved('x', check.x), weights });
    return Array.from(y).reduce((sum, value, i) => sum + value * cotangent.data[i], 0);
  };
  const numeric = ((await valueAt(step)) - (await valueAt(-step))) / (2 * step);
  let analytic = 0;
  let magnitude = 1;
  for (const [name, gradient] of Object.entries(twin.gradients)) {
    const along = direction(name, name === 'x' ? check.x : check.weights[names.indexOf(name)]);
    gradient.forEach((value: number, i: number) => {
      analytic += value * along[i];
      magnitude += Math.abs(value * along[i]);
    });
  }
  expectClose([analytic], [numeric], 'directional derivative against finite differences', {
    absolute: 1e-6 * magnitude,
    relative: 1e-6,
  });
  return twin;
}

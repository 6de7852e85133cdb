/** Gradients through layers: the GPU against the twin, the twin against finite differences. */
import { beforeAll, describe, expect, it } from 'vitest';
import { backward } from '../../src/backward.ts';
import type { Device } from '../../src/backend.ts';
import * as layers from '../../src/layers/index.ts';
import { Network } from '../../src/layers/network.ts';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import { scope, setDevice, tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp, expectClose } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { ints, stack } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;
const [B, T, I, H] = [3, 4, 2, 5];
const MASK = ints([B, T], 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0);

/** Checks a model of inputs of these shapes, each [batch, ...], made on both devices from one seed. */
function check(
  describeModel: (inputs: SymbolicTensor[]) => SymbolicTensor[],
  hosts: Host[],
  masked = true,
) {
  const networks = new Map<Device, Network>();
  return checkOp((tensors: Tensor[]) => {
    const { device } = tensors[0];
    let network = networks.get(device);
    if (!network) {
      const inputs = tensors.map(({ shape }) => input({ shape: shape.slice(1) }));
      network = new Network({ inputs, outputs: describeModel(inputs), device, seed: 8 });
      networks.set(device, network);
    }
    const masks = masked ? [tensor(MASK.data, MASK.shape, 'int32', device)] : [];
    return network.forward(tensors, { training: true, step: 2, masks }).outputs;
  }, hosts);
}

describe('gradients', () => {
  const x = floats([B, T, I], 1);
  const state = (seed: number) => floats([B, H], seed);

  it('of an LSTM with states that go in and come out', async () => {
    const { gradients } = await check(
      ([start, h, c]) =>
        layers
          .lstm(H, { returnSequences: true, returnState: true })
          .apply<SymbolicTensor[]>(start, { initialState: [h, c] }),
      [x, state(2), state(3)],
    );
    expect(gradients.every((gradient) => gradient!.some((value) => value !== 0))).toBe(true);
  });

  it('of an encoder and a decoder', async () => {
    await check(
      ([source, target]) => {
        const [, ...initialState] = layers
          .gru(H, { returnState: true })
          .apply<SymbolicTensor[]>(source);
        const y = layers.gru(H, { returnSequences: true }).apply(target, { initialState });
        return [layers.timeDistributed(layers.dense(3, { activation: 'softmax' })).apply(y)];
      },
      [x, floats([B, 3, 4], 5)],
    );
  });

  it.each(['concat', 'sum', 'mul', 'ave', null] as const)(
    'of two directions merged by %s, with dropout',
    async (mergeMode) => {
      await check(
        ([start]) =>
          layers
            .bidirectional(
              layers.lstm(H, { returnSequences: true, dropout: 0.3, recurrentDropout: 0.2 }),
              { mergeMode },
            )
            .applyAll([start]),
        [x],
      );
    },
  );

  it('of a stack with everything on top of each other', async () => {
    await check(
      ([start]) => {
        let y = layers.spatialDropout1D(0.2).apply(start);
        y = layers.simpleRNN(H, { returnSequences: true, goBackwards: true }).apply(y);
        y = layers.layerNormalization().apply(y);
        y = layers.bidirectional(layers.gru(3, { resetAfter: false })).apply(y);
        return [layers.dense(2, { activation: 'sigmoid' }).apply(layers.dropout(0.3).apply(y))];
      },
      [x],
    );
  });

  it('of a stateful layer do not see that its states have been replaced', async () => {
    const stateful = stack(reference, { shape: [T, I] }, [layers.lstm(H, { stateful: true })], 6);
    const start = input({ shape: [T, I] });
    const states = [input({ shape: [H] }), input({ shape: [H] })];
    const outputs = layers.lstm(H, { name: 'lstm' }).apply(start, { initialState: states });
    const plain = new Network({ inputs: [start, ...states], outputs, seed: 6 });
    plain.setWeights(await stateful.getWeights());

    const place = (host: Host) => tensor(host.data, host.shape, 'float32', reference);
    const gradient = async (network: Network, inputs: Host[]) => {
      const found = scope(() => {
        const [y] = network.forward(inputs.map(place)).outputs;
        const gradients = backward(y, [place(state(9))]);
        return network.weights.map((weight) => gradients.get(weight)!);
      });
      return Promise.all(found.map((one) => one.data()));
    };
    await gradient(stateful, [x]);
    const x2 = floats([B, T, I], 7);
    const actual = await gradient(stateful, [x2]);
    // The states after the first batch, from a layer that gives them.
    const giver = layers.lstm(H, { returnState: true });
    const source = input({ shape: [T, I] });
    const carrier = new Network({ inputs: source, outputs: giver.applyAll([source]) });
    giver.setWeights(await stateful.getWeights());
    const carried = carrier.forward([place(x)]).outputs.slice(1);
    const hosts: Host[] = [];
    for (const one of carried)
      hosts.push({ shape: [B, H], data: (await one.data()) as unknown as Float32Array });
    const expected = await gradient(plain, [x2, ...hosts]);
    expected.forEach((values, i) =>
      expectClose(actual[i], values, `weight ${i}`, { absolute: 1e-12, relative: 1e-12 }),
    );
  });
});

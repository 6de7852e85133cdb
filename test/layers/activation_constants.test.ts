/** Activations with a constant of their own, in every layer that takes one, on every device. */
import { describe, expect, it } from 'vitest';
import {
  activations,
  layers,
  loadModel,
  ops,
  sequential,
  setSeed,
  tensor,
} from '../../src/index.ts';
import type { Device, Layer } from '../../src/index.ts';
import { float32Devices, reference } from '../support/devices.ts';

const old = activations.hardSigmoid({ slope: 0.2 });
const x = { shape: [3, 6, 4], data: Float32Array.from({ length: 72 }, (_, i) => 4 * Math.sin(i)) };

/** What a stack of the layer gives, and its weights after two steps of training. */
async function numbersOf(device: Device, make: () => Layer): Promise<number[]> {
  setSeed(3);
  const net = sequential([layers.input({ shape: [6, 4] }), make()], { device });
  const y = await net.predict(x);
  const before = [...(await y.data())];
  net.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const target = { shape: [...y.shape], data: new Float32Array(y.size).fill(0.3) };
  for (let k = 0; k < 2; k++) await net.trainOnBatch(x, target);
  const weights = await net.getWeights();
  return [...before, ...weights.flatMap(({ data }) => [...data])];
}

const kinds: readonly (readonly [string, () => Layer])[] = [
  ['LSTM', () => layers.lstm(5, { recurrentActivation: old, returnSequences: true })],
  [
    'GRU',
    () =>
      layers.gru(5, {
        recurrentActivation: old,
        activation: activations.leakyRelu({ negativeSlope: 0.3 }),
      }),
  ],
  ['SimpleRNN', () => layers.simpleRNN(5, { activation: old })],
  ['Bidirectional', () => layers.bidirectional(layers.lstm(5, { recurrentActivation: old }))],
  [
    'LSTM with a projection',
    () => layers.projectedLSTM(5, { projectionUnits: 2, recurrentActivation: old }),
  ],
  ['Dense', () => layers.dense(5, { activation: old })],
  ['Conv1D', () => layers.conv1D(5, 2, { activation: activations.elu({ alpha: 0.5 }) })],
];

describe.each(float32Devices)('an activation with a constant on %s', (_, open) => {
  it.each(kinds)('%s', async (_, make) => {
    const [found, expected] = [
      await numbersOf(await open(), make),
      await numbersOf(reference, make),
    ];
    expect(found.length).toBe(expected.length);
    const off = Math.max(...expected.map((value, i) => Math.abs(value - found[i])));
    expect(off).toBeLessThan(2e-5);
  });

  it('is the function that it says', async () => {
    const device = await open();
    const values = [-9, -2.5, -1, 0, 0.5, 2.4, 2.6, 9];
    const data = async (name: any) => [
      ...(await ops.activation(tensor(values, [8], 'float32', device), name).data()),
    ];
    const wanted = values.map((value) => Math.min(Math.max(0.2 * value + 0.5, 0), 1));
    for (const found of [
      await data(old),
      [...(await ops.hardSigmoid(tensor(values, [8], 'float32', device), 0.2).data())],
    ])
      found.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 6));
    const plain = await data('hardSigmoid');
    plain.forEach((value, i) =>
      expect(value).toBeCloseTo(Math.min(Math.max(values[i] / 6 + 0.5, 0), 1), 6),
    );
  });
});

describe('an activation with a constant', () => {
  it('is saved with the layer, and streams and steps', async () => {
    const net = sequential(
      [
        layers.input({ shape: [null, 4] }),
        layers.lstm(5, { recurrentActivation: old, returnSequences: true }),
        layers.activation(activations.leakyRelu({ negativeSlope: 0.1 })),
      ],
      { device: reference },
    );
    const again = await loadModel(await net.save(), { device: reference });
    expect(again.layers[1].getConfig()).toMatchObject({ recurrentActivation: 'hardSigmoid(5)' });
    expect(await (await again.predict(x)).data()).toEqual(await (await net.predict(x)).data());
  });

  it.each([
    [
      'slope',
      () => activations.hardSigmoid({ slope: 0 }),
      /hardSigmoid: expected slope to be a number above 0, got 0/,
    ],
    [
      'alpha',
      () => activations.elu({ alpha: NaN }),
      /elu: expected alpha to be a finite number, got NaN/,
    ],
    [
      'another function',
      () => layers.lstm(3, { activation: 'tanh(2)' as any }),
      /expected activation/,
    ],
    ['no number', () => layers.lstm(3, { activation: 'elu(x)' as any }), /expected activation/],
  ])('refuses %s', (_, make, problem) => {
    expect(make).toThrow(problem);
  });
});

/** Models that `toOnnx` wrote, as `loadOnnx` reads them: the same numbers, and they train. */
import { describe, expect, it } from 'vitest';
import { layers, setSeed } from '../../src/index.ts';
import type { Layer, Model } from '../../src/index.ts';
import { loadOnnx, toOnnx } from '../../src/interchange/index.ts';
import type { ToOnnxOptions } from '../../src/interchange/index.ts';
import type { Tensor } from '../../src/tensor.ts';
import { testedDevices } from '../support/devices.ts';
import { expectClose } from '../support/formats.ts';
import { modelsOn } from '../support/onnx-models.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';

setSeed(5);
const device = await testedDevices.at(-1)!.open();
const all = { returnSequences: true, biasInitializer: 'glorotUniform' } as const;

const { features, words } = modelsOn(device);
const SEQUENCES = [floats([5, 7, 4], 1), floats([1, 3, 4], 2)];
const POST: Host[] = [
  { shape: [3, 4], data: Int32Array.of(1, 2, 0, 0, 3, 4, 5, 1, 0, 0, 0, 0) },
  { shape: [1, 3], data: Int32Array.of(5, 1, 2) },
];
const ANYWHERE: Host[] = [
  { shape: [3, 4], data: Int32Array.of(0, 2, 0, 1, 0, 0, 5, 1, 2, 0, 3, 0) },
  { shape: [1, 3], data: Int32Array.of(0, 0, 2) },
];

const both = (layer: () => ReturnType<typeof layers.lstm> | ReturnType<typeof layers.gru>): Layer =>
  layers.bidirectional(layer());
const CASES: [string, Model, readonly Host[], ToOnnxOptions][] = [
  [
    'LSTM, GRU and RNN',
    features(
      both(() => layers.lstm(3, all)),
      layers.gru(5, all),
      layers.gru(4, { ...all, resetAfter: false, goBackwards: true }),
      layers.simpleRNN(3, { ...all, activation: 'relu' }),
      layers.peepholeLSTM(3, { ...all, coupled: true }),
      layers.dense(2, { activation: 'softmax' }),
    ),
    SEQUENCES,
    {},
  ],
  [
    'convolutions and norms',
    features(
      layers.conv1D(5, 3, { padding: 'causal', dilationRate: 2, activation: 'silu' }),
      layers.batchNormalization({ movingMeanInitializer: 'glorotUniform' }),
      layers.layerNormalization(),
      layers.conv1D(4, 3, { padding: 'same', strides: 2, activation: 'gelu' }),
      layers.timeDistributed(layers.dense(3)),
      layers.globalMaxPooling1D(),
    ),
    SEQUENCES,
    {},
  ],
  [
    'padding behind',
    words(
      both(() => layers.lstm(3, all)),
      layers.gru(3, all),
      layers.globalAveragePooling1D(),
    ),
    POST,
    { padding: 'post' },
  ],
  [
    'padding anywhere',
    words(
      both(() => layers.gru(3, all)),
      layers.lstm(3, all),
      layers.globalAveragePooling1D(),
    ),
    ANYWHERE,
    {},
  ],
];

describe('toOnnx and loadOnnx', () => {
  it.each(CASES)('come back to the same: %s', async (_, net, inputs, options) => {
    const again = await loadOnnx(await toOnnx(net, options), { device });
    for (const { shape, data } of inputs) {
      const x = { shape: [...shape], data };
      const wanted = await net.predict<Tensor>(x);
      const [found] = [await again.predict<Tensor>({ x })].flat();
      expectClose(
        { shape: found.shape, data: await found.data() },
        { name: 'y', dtype: 'float32', shape: wanted.shape, data: [...(await wanted.data())] },
      );
    }
  });

  it('go on training', async () => {
    // A bias of ONNX is the sum of two, which both train: without one the steps are the same.
    const net = words(layers.lstm(3, { useBias: false }), layers.dense(1));
    const again = await loadOnnx(await toOnnx(net), { device });
    const y = [[1], [-1], [0.5]];
    for (const one of [net, again]) one.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const x = { ...ANYWHERE[0], shape: [3, 4] };
    const options = { epochs: 5, verbose: 0, shuffle: false } as const;
    const losses = (await net.fit(x, y, options)).history.loss;
    const found = (await again.fit({ x }, y, options)).history.loss;
    losses.forEach((loss, i) => expect(Math.abs(found[i] - loss)).toBeLessThan(1e-4 * loss));
  });
});

/** ONNX Runtime computes the same graphs: every operator, and recurrent nodes with everything that they may have. And what `toOnnx` writes is read. */
import { describe, expect, it } from 'vitest';
import { layers, sequential, setSeed } from '../../src/index.ts';
import type { Layer, Tensor } from '../../src/index.ts';
import { loadOnnx, toOnnx } from '../../src/interchange/index.ts';
import { testedDevices } from '../support/devices.ts';
import { onnxFile } from '../support/onnx.ts';
import { OPERATORS, RECURRENT } from '../support/onnx-graphs.ts';
import { OnnxFile } from '../support/onnx-runtime.ts';
import type { Numbers } from '../support/onnx-runtime.ts';

setSeed(7);
const device = await testedDevices.at(-1)!.open();

async function expectSame(outputs: readonly Tensor[], expected: readonly Numbers[]) {
  for (const [i, { shape, data }] of expected.entries()) {
    expect(outputs[i].shape).toEqual(shape);
    const found = await outputs[i].data();
    const most = Math.max(1e-3, ...Array.from(data, Math.abs));
    // A comparison that NaN fails.
    const odd = Array.from(data).findIndex(
      (value, k) => !(Math.abs(value - found[k]) < 1e-5 * most),
    );
    expect(odd < 0 ? null : `output ${i}[${odd}]: ${found[odd]}, not ${data[odd]}`).toBeNull();
  }
}

describe('computes what ONNX Runtime does:', () => {
  const all = Object.entries({ ...OPERATORS, ...RECURRENT });
  it.each(all.filter(([, { onlyHere }]) => !onlyHere))('%s', async (_, { graph, feed, opset }) => {
    const bytes = onnxFile(graph, opset);
    const x = Object.fromEntries(
      Object.entries(feed).map(([name, { data, shape, type = 'float32' }]) => [
        name,
        { data: (type === 'float32' ? Float32Array : Int32Array).from(data), shape },
      ]),
    );
    const runtime = await OnnxFile.open(bytes);
    const expected = await runtime.run(x);
    const model = await loadOnnx(bytes, { device });
    const outputs = [await model.predict<Tensor | Tensor[]>(x)].flat();
    await expectSame(
      outputs,
      runtime.outputs.map((name) => expected[name]),
    );
    model.dispose();
  });
});

describe('reads what toOnnx writes:', () => {
  const noisy = { biasInitializer: 'glorotUniform' } as const;
  const ids = {
    data: Int32Array.of(1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 0, 0, 0, 0, 0, 0, 7, 8, 9, 1, 2, 3, 4, 5),
    shape: [3, 8],
  };
  const text = layers.input({ shape: [null], dtype: 'int32', name: 'ids' });
  const sound = layers.input({ shape: [null, 4], name: 'sound' });
  const waves = {
    data: Float32Array.from({ length: 3 * 8 * 4 }, (_, k) => Math.sin(k * 0.7)),
    shape: [3, 8, 4],
  };
  it.each<[string, Layer[], boolean]>([
    [
      'masks in both directions',
      [
        layers.embedding(10, 5, { maskZero: true }),
        layers.bidirectional(layers.lstm(4, noisy)),
        layers.dense(3, { activation: 'softmax' }),
      ],
      true,
    ],
    [
      'GRU both ways, normalised',
      [
        layers.gru(5, { ...noisy, returnSequences: true }),
        layers.layerNormalization(),
        layers.gru(3, { resetAfter: false, goBackwards: true }),
      ],
      false,
    ],
    [
      'a convolution, and a mean over the time',
      [
        layers.conv1D(6, 3, { padding: 'causal', activation: 'relu' }),
        layers.simpleRNN(4, { returnSequences: true }),
        layers.globalAveragePooling1D(),
      ],
      false,
    ],
  ])('%s', async (_, stack, isText) => {
    const own = sequential([isText ? text : sound, ...stack], { device });
    const x = isText ? ids : waves;
    const expected = await own.predict<Tensor>(x);
    const model = await loadOnnx(await toOnnx(own), { device });
    const data = (await expected.data()) as Float32Array;
    await expectSame([await model.predict<Tensor>(x)], [{ shape: expected.shape, data }]);
    expect(model.trainableWeights.length).toBeGreaterThan(0);
  });
});

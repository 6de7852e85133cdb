/** ONNX Runtime computes the same graphs: every operator, and recurrent nodes with everything that they may have. */
import { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { loadOnnx } from '../../src/interchange/index.ts';
import type { Tensor } from '../../src/index.ts';
import { testedDevices } from '../support/devices.ts';
import { onnxFile } from '../support/onnx.ts';
import type { OnnxTensor } from '../support/onnx.ts';
import { OPERATORS, RECURRENT } from '../support/onnx-graphs.ts';

env.wasm.numThreads = 1;
env.logLevel = 'error';
const device = await testedDevices.find(({ name }) => name === 'wasm')!.open();

const ortTensor = ({ data, shape, type = 'float32' }: OnnxTensor): OrtTensor =>
  type === 'float32'
    ? new OrtTensor('float32', Float32Array.from(data), shape)
    : new OrtTensor('int32', Int32Array.from(data), shape);

describe('computes what ONNX Runtime does:', () => {
  const all = Object.entries({ ...OPERATORS, ...RECURRENT });
  it.each(all.filter(([, { onlyHere }]) => !onlyHere))('%s', async (_, { graph, feed, opset }) => {
    const bytes = onnxFile(graph, opset);
    const session = await InferenceSession.create(bytes);
    const expected = await session.run(
      Object.fromEntries(Object.entries(feed).map(([name, one]) => [name, ortTensor(one)])),
    );
    const model = await loadOnnx(bytes, { device });
    const outputs = [
      await model.predict<Tensor | Tensor[]>(
        Object.fromEntries(
          Object.entries(feed).map(([name, { data, shape, type = 'float32' }]) => [
            name,
            { data: (type === 'float32' ? Float32Array : Int32Array).from(data), shape },
          ]),
        ),
      ),
    ].flat();
    for (const [i, name] of session.outputNames.entries()) {
      const wanted = expected[name].data as Float32Array;
      expect(outputs[i].shape).toEqual(expected[name].dims);
      const most = Math.max(...wanted.map(Math.abs), 1e-3);
      const found = await outputs[i].data();
      const worst = Math.max(...wanted.map((value, k) => Math.abs(value - found[k])));
      expect(worst / most, name).toBeLessThan(1e-5);
    }
    model.dispose();
    await session.release();
  });
});

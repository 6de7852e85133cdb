/** Streams in a module worker, with a GPU device of its own. Needs workers as browsers have them. */
import { expect, it } from 'vitest';
import { layers, sequential } from '../../src/index.ts';
import { expectClose } from '../support/check.ts';
import { gpu } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Answer } from './stream.worker.ts';

it('a stream in a worker gives what predict gives on the page', async () => {
  const device = await gpu();
  const model = sequential(
    [layers.input({ shape: [null, 3] }), layers.lstm(16, { returnSequences: true }), layers.gru(4)],
    { device, seed: 3 },
  );
  const x = floats([1, 7, 3], 5);
  const expected = await (await model.predict(x)).data();

  const worker = new Worker(new URL('./stream.worker.ts', import.meta.url), { type: 'module' });
  const answers: Answer[] = [];
  await new Promise<void>((done, fail) => {
    worker.onerror = (event) => fail(new Error(`the worker failed: ${event.message}`));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      answers.push(data);
      if (answers.length === 7 || 'error' in data) done();
    };
    void model.getWeights().then((weights) => {
      worker.postMessage({ weights });
      // All at once: the answers come in their order.
      for (let t = 0; t < 7; t++) worker.postMessage(x.data.slice(3 * t, 3 * t + 3));
    });
  });
  worker.terminate();
  expect(answers.filter((answer) => 'error' in answer)).toEqual([]);
  expectClose((answers.at(-1) as { output: Float32Array }).output, expected, 'last step');
});

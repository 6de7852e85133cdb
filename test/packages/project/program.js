// What every case runs: a small training on made-up data, and something of each entry. The numbers are the same everywhere.
import { backward, layers, loadModel, optimizers, sequential, wasm, webgpu } from 'gatefold';
import { mfcc } from 'gatefold/audio';
import { Dataset, readCsv } from 'gatefold/data';
import { loadOnnx, toOnnx } from 'gatefold/formats';
import { profile } from 'gatefold/profile';
import { fromTransfer } from 'gatefold/stepper';
import { padSequences } from 'gatefold/text';
import { WordVectors } from 'gatefold/vectors';

/** Reviews of 3 to 8 words, as numbers from 1 to 20; those with word 7 are positive. */
function reviews() {
  let state = 1;
  const below = (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % limit;
  };
  const ids = Array.from({ length: 128 }, () =>
    Array.from({ length: 3 + below(6) }, () => 1 + below(20)),
  );
  return { x: padSequences(ids), y: ids.map((review) => Number(review.includes(7))) };
}

/**
 * Trains, saves and loads a model.
 *
 * @param kind 'wasm' or 'webgpu'
 * @param threads of 'wasm'
 * @param folder where to save it; without one its contents are only handed on
 * @returns the loss of each epoch, and what the loaded model predicts
 */
export async function train(kind, { threads = 1, folder } = {}) {
  const device = kind === 'wasm' ? await wasm({ threads }) : await webgpu();
  const model = sequential(
    [
      layers.embedding(21, 8, { maskZero: true }),
      layers.bidirectional(layers.lstm(8)),
      layers.layerNormalization(),
      layers.dense(1, { activation: 'sigmoid' }),
    ],
    { device, seed: 1 },
  );
  model.compile({
    optimizer: optimizers.adam({ learningRate: 0.02 }),
    loss: 'binaryCrossentropy',
  });
  const { x, y } = reviews();
  const { history } = await model.fit(x, y, { epochs: 5, batchSize: 16, verbose: 0 });
  const saved = await model.save(folder);
  const loaded = await loadModel(folder ?? saved, { device });
  const probabilities = await loaded.predict([
    [3, 7, 12, 0],
    [3, 9, 12, 1],
  ]);
  const predicted = (await probabilities.array()).flat();
  device.destroy();
  return { loss: history.loss, predicted };
}

/** A few numbers from each of the other entries. */
export async function entries() {
  const device = await wasm();
  const model = sequential(
    [layers.input({ shape: [null, 1], name: 'x' }), layers.gru(4, { returnSequences: true })],
    { device, seed: 1 },
  );
  const stepper = fromTransfer((await model.stepper()).transfer());
  const step = new Float32Array(4);
  stepper.step([0.5], step);
  const onnx = await loadOnnx(await toOnnx(model), { device });
  const first = await onnx.predict({ x: [[[0.5]]] });
  const sums = [];
  for await (const { data } of Dataset.of([1, 2, 3, 4]).batch(2)) sums.push(data[0] + data[1]);
  const vectors = new WordVectors(['a', 'b', 'c'], 2, Float32Array.of(1, 0, 0.8, 0.6, 0, 1));
  const tone = Float32Array.from({ length: 2048 }, (_, i) => Math.sin(i / 5));
  const unused = [backward, profile, readCsv].filter((entry) => typeof entry !== 'function');
  return {
    stepper: [...step],
    formats: [...(await first.data())],
    data: sums,
    vectors: vectors.nearest('a', 2).map(({ similarity }) => similarity),
    audio: [...mfcc(tone, { sampleRate: 16000, nMfcc: 4 }).data.slice(0, 8)],
    missing: [unused.length],
  };
}

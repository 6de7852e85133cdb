// TensorFlow.js, on the backend that the importing module has loaded.
// Imported as in the package @tensorflow/tfjs: without these, layers lack methods and gradients.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  firstTokens,
  inferenceInput,
  initialWeights,
  productOperands,
  sample,
  startIds,
  trainingBatch,
} from '../data.ts';

/** @param {string} backend @param {() => Promise<string>} [prepareBackend] returns a description of the backend */
export async function openTfjs(backend, prepareBackend = async () => '') {
  const details = await prepareBackend();
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs: the backend ${backend} is not there`);
  await tf.ready();
  return {
    description: `tfjs ${tf.version_core}, ${backend}${details}`,
    async prepare(workload) {
      switch (workload.kind) {
        case 'training':
          return trainer(workload);
        case 'inference':
          return predictor(workload);
        case 'streaming':
          return streamer(workload);
        case 'generation':
          return generator(workload);
        default:
          return multiplier(workload);
      }
    },
  };
}

/**
 * The recurrent layers of tfjs use a hard sigmoid by default. Their orthogonal initializer takes minutes on a GPU backend; it is
 * replaced, since the weights are set afterwards anyway.
 */
function recurrentLayer(w, options) {
  const plain = { units: w.units, recurrentInitializer: 'glorotUniform', ...options };
  if (w.cell === 'simpleRNN') return tfl.layers.simpleRNN(plain);
  const gated = { ...plain, recurrentActivation: 'sigmoid' };
  return w.cell === 'lstm' ? tfl.layers.lstm(gated) : tfl.layers.gru(gated);
}

function setWeights(model, w) {
  const weights = initialWeights(w).map(({ data, shape }) => tf.tensor(data, shape));
  model.setWeights(weights);
  weights.forEach((weight) => weight.dispose());
}

function trainer(w) {
  const model = tfl.sequential();
  model.add(
    tfl.layers.embedding({
      inputDim: w.vocabulary,
      outputDim: w.features,
      inputLength: w.time,
    }),
  );
  for (let i = 0; i < w.layers; i++) {
    const returnSequences = i < w.layers - 1 || w.target === 'characters';
    const layer = recurrentLayer(w, { returnSequences });
    model.add(w.bidirectional ? tfl.layers.bidirectional({ layer, mergeMode: 'concat' }) : layer);
  }
  w.dense.forEach((units, i) =>
    model.add(tfl.layers.dense({ units, activation: i < w.dense.length - 1 ? 'relu' : 'linear' })),
  );
  model.compile({
    optimizer: tf.train.adam(1e-3, 0.9, 0.999, 1e-7),
    // From logits, as in all contenders.
    loss: (yTrue, yPred) =>
      w.target === 'binary'
        ? tf.losses.sigmoidCrossEntropy(yTrue, yPred)
        : tf.losses.softmaxCrossEntropy(yTrue, yPred),
  });
  setWeights(model, w);
  const batch = trainingBatch(w);
  const x = tf.tensor2d(Float32Array.from(batch.ids), [w.batch, w.time]);
  const y = tf.tidy(() =>
    w.target === 'binary'
      ? tf.tensor2d(Float32Array.from(batch.labels), [w.batch, 1])
      : tf.cast(
          tf.oneHot(tf.tensor2d(batch.labels, [w.batch, w.time], 'int32'), w.vocabulary),
          'float32',
        ),
  );
  return {
    async step() {
      return { loss: await model.trainOnBatch(x, y) };
    },
    facts: () => ({ real_share: batch.realShare }),
  };
}

function predictor(w) {
  const model = tfl.sequential();
  model.add(recurrentLayer(w, { inputShape: [w.time, w.features] }));
  setWeights(model, w);
  const input = inferenceInput(w);
  let output = [];
  return {
    async step() {
      const y = tf.tidy(() =>
        model.predict(tf.tensor3d(input, [w.batch, w.time, w.features]), { batchSize: w.batch }),
      );
      output = await y.data();
      y.dispose();
      return {};
    },
    output: async () => sample(output),
  };
}

function streamer(w) {
  const model = tfl.sequential();
  model.add(recurrentLayer(w, { stateful: true, batchInputShape: [w.batch, 1, w.features] }));
  setWeights(model, w);
  const size = w.batch * w.features;
  const inputs = inferenceInput(w, 512);
  let steps = 0;
  let output = [];
  let first = [];
  return {
    async step() {
      const at = (steps++ % 512) * size;
      const y = tf.tidy(() =>
        model.predict(tf.tensor3d(inputs.subarray(at, at + size), [w.batch, 1, w.features])),
      );
      output = await y.data();
      y.dispose();
      if (steps <= 8) first = first.concat(sample(output, 16));
      return {};
    },
    output: async () => first,
  };
}

/**
 * A step is written out, which is faster than a model of layers: one product for the input and the state. The ids stay where they are, and
 * fifty tokens are read at once.
 */
function generator(w) {
  const [table, ...rest] = initialWeights(w).map(({ data, shape }) => tf.tensor(data, shape));
  const cells = Array.from({ length: w.layers }, (_, i) => {
    const [kernel, recurrent, bias] = rest.slice(3 * i, 3 * i + 3);
    return { kernel: tf.concat([kernel, recurrent], 0), bias };
  });
  const [kernel, bias] = rest.slice(-2);
  const step = (ids, states) =>
    tf.tidy(() => {
      let x = tf.gather(table, ids);
      const next = cells.map((cell, i) => {
        const [h, c] = states[i];
        const z = tf.fused.matMul({ a: tf.concat([x, h], 1), b: cell.kernel, bias: cell.bias });
        const [input, forget, candidate, output] = tf.split(z, 4, 1);
        const after = tf.add(
          tf.mul(tf.sigmoid(forget), c),
          tf.mul(tf.sigmoid(input), tf.tanh(candidate)),
        );
        x = tf.mul(tf.sigmoid(output), tf.tanh(after));
        return [x, after];
      });
      const logits = tf.fused.matMul({ a: x, b: kernel, bias });
      return { ids: tf.argMax(logits, 1), states: next };
    });
  let found = [];
  return {
    async step() {
      let ids = tf.tensor1d(startIds(w), 'int32');
      let states = cells.map(() => [tf.zeros([w.batch, w.units]), tf.zeros([w.batch, w.units])]);
      const reads = [];
      let made = [];
      for (let t = 1; t <= w.tokens; t++) {
        const next = step(ids, states);
        tf.dispose([ids, states]);
        ({ ids, states } = next);
        made.push(tf.clone(ids));
        if (made.length < 50 && t < w.tokens) continue;
        const all = tf.stack(made);
        reads.push(all.data().finally(() => all.dispose()));
        tf.dispose(made);
        made = [];
      }
      const blocks = await Promise.all(reads);
      tf.dispose([ids, states]);
      found = blocks.flatMap((block) =>
        Array.from({ length: block.length / w.batch }, (_, t) =>
          block.subarray(t * w.batch, (t + 1) * w.batch),
        ),
      );
      return {};
    },
    output: async () => firstTokens(found),
  };
}

function multiplier({ size, products }) {
  const operands = productOperands(size);
  const x = tf.tensor2d(operands.x, [size, size]);
  const b = tf.tensor2d(operands.b, [size, size]);
  let output = [];
  return {
    async step() {
      const y = tf.tidy(() => {
        let product = x;
        for (let i = 0; i < products; i++) product = tf.matMul(product, b);
        return product;
      });
      output = await y.data();
      y.dispose();
      return {};
    },
    output: async () => sample(output),
  };
}

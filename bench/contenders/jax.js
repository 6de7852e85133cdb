// jax-js. It has no scan, so the loop over time is unrolled and compiled by jit. Functions of jax-js consume their arguments;
// `.ref` keeps one.
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad, vjp } from '@jax-js/jax';
import {
  firstTokens,
  inferenceInput,
  initialWeights,
  productOperands,
  sample,
  startIds,
  trainingBatch,
} from '../data.ts';

/** @param {'webgpu' | 'wasm'} device */
export async function openJax(device) {
  const devices = await init(device);
  if (!devices.includes(device)) throw new Error(`jax-js: the device ${device} is not there`);
  defaultDevice(device);
  const threads =
    device === 'wasm' && globalThis.crossOriginIsolated
      ? `, ${navigator.hardwareConcurrency} threads`
      : '';
  return {
    description: `jax-js, ${device}${threads}`,
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

const arrayOf = ({ data, shape }) => np.array(data, { shape: [...shape] });

// ---- cells: (how to split, input product [B, G·H], recurrent kernel [H, G·H], states) to new states ---------------------------------------

/**
 * Two ways to split a matrix. A slice is fused with the operation that uses it, a split is not; but the gradient of many slices
 * is a sum of padded matrices, and that of a split a single concatenation. Each program uses the faster way.
 */
const bySplit = {
  columns: (x, count) => np.split(x, count, 1),
  rows: (x, count) => np.split(x, count, 0),
};
const bySlice = {
  columns: (x, count) => blocks(x, count, 1),
  rows: (x, count) => blocks(x, count, 0),
};

function blocks(x, count, axis) {
  const width = x.shape[axis] / count;
  const parts = Array.from({ length: count }, (_, i) =>
    x.ref.slice(...Array(axis).fill([]), [i * width, (i + 1) * width]),
  );
  x.dispose();
  return parts;
}

const cells = {
  simpleRNN: {
    states: 1,
    step: (_, z, r, [h]) => [np.tanh(z.add(np.matmul(h, r)))],
  },
  lstm: {
    states: 2,
    step({ columns }, z, r, [h, c]) {
      const [i, f, g, o] = columns(z.add(np.matmul(h, r)), 4);
      const next = nn
        .sigmoid(f)
        .mul(c)
        .add(nn.sigmoid(i).mul(np.tanh(g)));
      return [nn.sigmoid(o).mul(np.tanh(next.ref)), next];
    },
  },
  // With the reset gate before the product.
  gru: {
    states: 1,
    step({ columns }, z, r, [h]) {
      const units = h.shape[1];
      const [gates, candidate] = np.split(r, [2 * units], 1);
      const [zGates, zCandidate] = np.split(z, [2 * units], 1);
      const activated = nn.sigmoid(zGates.add(np.matmul(h.ref, gates)));
      const [update, reset] = columns(activated, 2);
      const n = np.tanh(zCandidate.add(np.matmul(reset.mul(h.ref), candidate)));
      return [update.ref.mul(h).add(np.subtract(1, update).mul(n))];
    },
  },
};

/** A recurrent layer on x [T, B, I], which it consumes. Returns the output of each time step, in the order of the sequence. */
function recurrent(parts, cell, x, [w, r, b], reverse = false) {
  const [time, batch, inputs] = x.shape;
  const units = r.shape[0];
  // One product for all time steps, as in all contenders.
  const z = np.matmul(x.reshape([time * batch, inputs]), w).add(b);
  const steps = parts.rows(z, time);
  let states = Array.from({ length: cell.states }, () => np.zeros([batch, units]));
  const outputs = [];
  for (let i = 0; i < time; i++) {
    const t = reverse ? time - 1 - i : i;
    states = cell.step(parts, steps[t], r.ref, states);
    outputs[t] = states[0].ref;
  }
  r.dispose();
  tree.dispose(states);
  return outputs;
}

function lastOf(outputs, reverse = false) {
  const at = reverse ? 0 : outputs.length - 1;
  outputs.forEach((output, t) => t !== at && output.dispose());
  return outputs[at];
}

// ---- training ---------------------------------------------------------------------------------------------------------------

/** Logits from embedded rows [B, T, E] and the weights after the embedding, in the order of Keras. */
function logitsOf(w, x, weights) {
  const cell = cells[w.cell];
  const left = [...weights];
  const take = () => [left.shift(), left.shift(), left.shift()];
  let steps = np.transpose(x, [1, 0, 2]);
  let y;
  for (let layer = 0; layer < w.layers; layer++) {
    const whole = layer < w.layers - 1 || w.target === 'characters';
    if (w.bidirectional) {
      const forward = lastOf(recurrent(bySplit, cell, steps.ref, take()));
      const backward = lastOf(recurrent(bySplit, cell, steps, take(), true), true);
      y = np.concatenate([forward, backward], 1);
    } else {
      const outputs = recurrent(bySplit, cell, steps, take());
      y = whole ? np.stack(outputs, 0) : lastOf(outputs);
    }
    steps = y;
  }
  if (w.target === 'characters') y = y.reshape([w.time * w.batch, w.units]);
  w.dense.forEach((_, i) => {
    y = np.matmul(y, left.shift()).add(left.shift());
    if (i < w.dense.length - 1) y = nn.relu(y);
  });
  return y;
}

/** Cross-entropy from logits, with targets of 0 and 1 [B, 1] or one-hot rows [T·B, V]. */
function lossOf(w, logits, y) {
  if (w.target === 'binary') return np.mean(nn.softplus(logits.ref).sub(logits.mul(y)));
  return np.mean(np.sum(nn.logSoftmax(logits, 1).mul(y), 1)).neg();
}

/** Adam (Kingma and Ba 2015) as in Keras: `rate` includes the bias corrections. */
function adam(weights, gradients, first, second, rate) {
  const m = first.map((one, i) => one.mul(0.9).add(gradients[i].ref.mul(0.1)));
  const v = second.map((one, i) => one.mul(0.999).add(np.square(gradients[i]).mul(0.001)));
  const updated = weights.map((one, i) =>
    one.sub(m[i].ref.mul(rate.ref).div(np.sqrt(v[i].ref).add(1e-7))),
  );
  rate.dispose();
  return [updated, m, v];
}

function trainer(w) {
  // Three programs, because jit cannot fuse the scatter of the embedding's gradient with the computation before it ("routine
  // primitive scatter input is not imm").
  const embed = jit((table, ids) => np.take(table, ids, 0));
  const differentiate = jit(
    valueAndGrad((x, weights, y) => lossOf(w, logitsOf(w, x, weights), y), { argnums: [0, 1] }),
  );
  const scatter = jit((table, ids, dx) => {
    const [y, pull] = vjp((one) => np.take(one, ids, 0), [table]);
    y.dispose();
    const [gradient] = pull(dx);
    return gradient;
  });
  const update = jit(adam);

  const batch = trainingBatch(w);
  const ids = np.array(batch.ids, { shape: [w.batch, w.time], dtype: np.int32 });
  const y = targets(w, batch.labels);
  let all = initialWeights(w).map(arrayOf);
  let first = all.map(({ shape }) => np.zeros(shape));
  let second = all.map(({ shape }) => np.zeros(shape));
  let iterations = 0;
  return {
    async step() {
      const [table, ...weights] = all;
      const x = embed(table.ref, ids.ref);
      const [loss, [dx, gradients]] = differentiate(
        x,
        weights.map((one) => one.ref),
        y.ref,
      );
      const dTable = scatter(table.ref, ids.ref, dx);
      iterations++;
      const rate = (1e-3 * Math.sqrt(1 - 0.999 ** iterations)) / (1 - 0.9 ** iterations);
      [all, first, second] = update(all, [dTable, ...gradients], first, second, np.array(rate));
      // The loss is available before the update. Waiting for one of the weights waits for the update.
      const [[value]] = await Promise.all([loss.data(), all[0].blockUntilReady()]);
      return { loss: value };
    },
    facts: () => ({ real_share: batch.realShare }),
  };
}

function targets(w, labels) {
  if (w.target === 'binary') return np.array(Float32Array.from(labels), { shape: [w.batch, 1] });
  // Time-major, like the logits.
  const rows = new Float32Array(w.time * w.batch * w.vocabulary);
  for (let b = 0; b < w.batch; b++)
    for (let t = 0; t < w.time; t++)
      rows[(t * w.batch + b) * w.vocabulary + labels[b * w.time + t]] = 1;
  return np.array(rows, { shape: [w.time * w.batch, w.vocabulary] });
}

// ---- inference --------------------------------------------------------------------------------------------------------------

function predictor(w) {
  const weights = initialWeights(w).map(arrayOf);
  const run = jit((x, given) =>
    lastOf(recurrent(bySlice, cells[w.cell], np.transpose(x, [1, 0, 2]), given)),
  );
  const input = inferenceInput(w);
  let output = [];
  return {
    async step() {
      const x = np.array(input, { shape: [w.batch, w.time, w.features] });
      output = await run(
        x,
        weights.map((one) => one.ref),
      ).data();
      return {};
    },
    output: async () => sample(output),
  };
}

function streamer(w) {
  const weights = initialWeights(w).map(arrayOf);
  const run = jit((x, [kernel, r, b], states) =>
    cells[w.cell].step(bySlice, np.matmul(x, kernel).add(b), r, states),
  );
  const size = w.batch * w.features;
  const inputs = inferenceInput(w, 512);
  let states = Array.from({ length: cells[w.cell].states }, () => np.zeros([w.batch, w.units]));
  let steps = 0;
  let first = [];
  return {
    async step() {
      const at = (steps++ % 512) * size;
      const x = np.array(inputs.slice(at, at + size), { shape: [w.batch, w.features] });
      states = run(
        x,
        weights.map((one) => one.ref),
        states,
      );
      const output = await states[0].ref.data();
      if (steps <= 8) first = first.concat(sample(output, 16));
      return {};
    },
    output: async () => first,
  };
}

/** A step is one program. The ids stay on the device, and fifty tokens are read at once. */
function generator(w) {
  const [table, ...rest] = initialWeights(w).map(arrayOf);
  const run = jit((ids, tableOf, weights, states) => {
    const left = [...weights];
    let x = np.take(tableOf, ids, 0);
    const next = states.map((state) => {
      const [kernel, r, b] = left.splice(0, 3);
      const after = cells[w.cell].step(bySlice, np.matmul(x, kernel).add(b), r, state);
      x = after[0].ref;
      return after;
    });
    const [kernel, b] = left;
    return [np.argmax(np.matmul(x, kernel).add(b), 1), next];
  });
  let found = [];
  return {
    async step() {
      let ids = np.array(startIds(w), { shape: [w.batch], dtype: np.int32 });
      let states = Array.from({ length: w.layers }, () => [
        np.zeros([w.batch, w.units]),
        np.zeros([w.batch, w.units]),
      ]);
      const reads = [];
      let made = [];
      for (let t = 1; t <= w.tokens; t++) {
        [ids, states] = run(
          ids,
          table.ref,
          rest.map((one) => one.ref),
          states,
        );
        made.push(ids.ref);
        if (made.length < 50 && t < w.tokens) continue;
        reads.push(np.stack(made, 0).data());
        made = [];
      }
      const blocks = await Promise.all(reads);
      ids.dispose();
      tree.dispose(states);
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
  const x = np.array(operands.x, { shape: [size, size] });
  const b = np.array(operands.b, { shape: [size, size] });
  const multiply = jit((left, right) => np.matmul(left, right));
  let output = [];
  return {
    async step() {
      let product = x.ref;
      for (let i = 0; i < products; i++) product = multiply(product, b.ref);
      output = await product.data();
      return {};
    },
    output: async () => sample(output),
  };
}

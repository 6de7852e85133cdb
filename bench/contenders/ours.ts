/** Gatefold, used only through its public interface, in pages, in Node and in Deno; on the device that a contender names. */
import { generate } from '../../src/generate/index.ts';
import {
  layers,
  losses,
  ops,
  optimizers,
  scope,
  sequential,
  setDevice,
  tensor,
} from '../../src/index.ts';
import type { Device, Layer, Model, Tensor } from '../../src/index.ts';
import type { Contender, Task } from '../contender.ts';
import {
  firstTokens,
  inferenceInput,
  initialWeights,
  productOperands,
  sample,
  sequence,
  startIds,
  trainingBatch,
} from '../data.ts';
import { FIT_STEPS } from '../workloads.ts';
import type {
  Generation,
  Inference,
  Product,
  Recurrence,
  Streaming,
  Training,
  Workload,
} from '../workloads.ts';
import { StepByStep } from './step_by_step.ts';

/** Steps in a repetition, where what they allocate is measured. */
const STEPS: Readonly<Record<string, number>> = { million: 1e6, one: 1 };

export function contenderOn(device: Device): Contender {
  setDevice(device);
  return {
    description: device.description,
    async prepare(workload: Workload, variant: string): Promise<Task> {
      switch (workload.kind) {
        case 'training':
          return variant === 'steady'
            ? fitter(device, workload)
            : trainer(device, workload, variant);
        case 'inference':
          return predictor(workload);
        case 'product':
          return multiplier(workload);
        case 'recurrence':
          return learner(workload, variant);
        case 'generation':
          return generator(workload);
        case 'streaming':
          if (device.kind === 'wasm' && variant !== 'stream')
            return stepper(workload, STEPS[variant] ?? workload.steps);
          return streamer(
            workload,
            variant === 'pipelined' ? 1 : variant === 'pipelined-8' ? 8 : 0,
          );
      }
    },
  };
}

function recurrentLayer(w: Training | Inference | Streaming, options: object): Layer {
  const { units } = w;
  if (w.cell === 'lstm') return layers.lstm(units, options);
  if (w.cell === 'gru') return layers.gru(units, options);
  return layers.simpleRNN(units, options);
}

function networkOf(w: Training, variant: string): Model {
  const stack: Layer[] = [
    layers.embedding(w.vocabulary, w.features, { maskZero: variant === 'masked' }),
  ];
  for (let i = 0; i < w.layers; i++) {
    const returnSequences = i < w.layers - 1 || w.target === 'characters';
    const options = {
      returnSequences,
      // As in the programs for tfjs and jax-js. The default of Keras is the opposite.
      ...(w.cell === 'gru' ? { resetAfter: variant === 'reset-after' } : {}),
    };
    const layer = recurrentLayer(w, options);
    stack.push(w.bidirectional ? layers.bidirectional(layer as never) : layer);
  }
  w.dense.forEach((units, i) =>
    stack.push(layers.dense(units, i < w.dense.length - 1 ? { activation: 'relu' } : {})),
  );
  return sequential(stack);
}

/** Sets the common initial weights. A GRU with the reset after the product has a second bias, which stays zero. */
function setWeights(model: Model, w: Training | Inference | Streaming | Generation): void {
  const given = initialWeights(w);
  model.setWeights(
    model.weights.map((weight, i) => {
      const data = new Float32Array(weight.size);
      data.set(given[i].data);
      return { shape: weight.shape, data };
    }),
  );
}

export function compiledModel(w: Training, variant: string): Model {
  const model = networkOf(w, variant);
  model.compile({
    optimizer: optimizers.adam({ learningRate: 1e-3 }),
    loss:
      w.target === 'binary'
        ? losses.binaryCrossentropy({ fromLogits: true })
        : losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  });
  model.buildFor([w.batch, w.time]);
  setWeights(model, w);
  return model;
}

function trainer(device: Device, w: Training, variant: string): Task {
  const model = compiledModel(w, variant);
  const batch = trainingBatch(w);
  const x = tensor(batch.ids, [w.batch, w.time], 'int32');
  const y =
    w.target === 'binary'
      ? tensor(Float32Array.from(batch.labels), [w.batch, 1])
      : tensor(batch.labels, [w.batch, w.time], 'int32');
  const facts: Record<string, number> = { real_share: batch.realShare };
  return {
    async step() {
      const before = device.stats();
      const { loss } = await model.trainOnBatch(x, y);
      const after = device.stats();
      facts.dispatches = after.dispatches - before.dispatches;
      facts.submits = after.submits - before.submits;
      return { loss };
    },
    facts: () => facts,
  };
}

/** `FIT_STEPS` steps per repetition, by `fit`, which uploads every batch and rarely reads results. */
function fitter(device: Device, w: Training): Task {
  const model = compiledModel(w, '');
  const batches = 10;
  const made = Array.from({ length: batches }, () => trainingBatch(w));
  const x = new Int32Array(batches * w.batch * w.time);
  const y = new Float32Array(batches * w.batch);
  made.forEach(({ ids, labels }, i) => {
    x.set(ids, i * ids.length);
    y.set(labels, i * labels.length);
  });
  const inputs = { data: x, shape: [batches * w.batch, w.time] };
  const targets = { data: y, shape: [batches * w.batch, 1] };
  return {
    async step() {
      const epochs = FIT_STEPS / batches;
      const { history } = await model.fit(inputs, targets, {
        epochs,
        batchSize: w.batch,
        verbose: 0,
      });
      return { loss: history.loss.at(-1)! };
    },
    facts() {
      const { storages, bytes, pooledBytes } = device.stats();
      return { storages, gpu_bytes: bytes + pooledBytes };
    },
  };
}

function predictor(w: Inference): Task {
  const model = sequential([recurrentLayer(w, {})]);
  model.buildFor([w.batch, w.time, w.features]);
  setWeights(model, w);
  const x = { data: inferenceInput(w), shape: [w.batch, w.time, w.features] };
  let output: ArrayLike<number> = [];
  return {
    async step() {
      const y = await model.predictOnBatch(x);
      output = await y.data();
      y.dispose();
      return {};
    },
    output: async () => sample(output),
  };
}

/** @param inFlight how many further steps are submitted before the result of a step is read */
function streamer(w: Streaming, inFlight: number): Task {
  const model = sequential([recurrentLayer(w, {})]);
  model.buildFor([w.batch, 1, w.features]);
  setWeights(model, w);
  const stream = model.stream({ streams: w.batch });
  const size = w.batch * w.features;
  const inputs = inferenceInput(w, 512);
  const pending: Promise<Float32Array>[] = [];
  const first: number[] = [];
  let [steps, read] = [0, 0];
  return {
    async step() {
      const at = (steps++ % 512) * size;
      pending.push(
        stream.step<Float32Array>({
          data: inputs.subarray(at, at + size),
          shape: [w.batch, w.features],
        }),
      );
      if (pending.length <= inFlight) return {};
      const output = await pending.shift()!;
      if (read++ < 8) first.push(...sample(output, 16));
      return {};
    },
    output: async () => first,
  };
}

/** Steps without promises. @param count how many make a repetition, whose time is that of one */
async function stepper(w: Streaming, count: number): Promise<Task> {
  const model = sequential([recurrentLayer(w, {})]);
  model.buildFor([w.batch, 1, w.features]);
  setWeights(model, w);
  const stepping = await model.stepper();
  const all = inferenceInput(w, 512);
  const inputs = Array.from({ length: 512 }, (_, i) =>
    all.subarray(i * w.features, (i + 1) * w.features),
  );
  const output = new Float32Array(w.units);
  const first: number[] = [];
  let steps = 0;
  return {
    async step() {
      const begun = performance.now();
      for (let i = 0; i < count; i++) {
        stepping.step(inputs[steps++ % 512], output);
        if (steps <= 8) first.push(...sample(output, 16));
      }
      return { milliseconds: (performance.now() - begun) / count };
    },
    output: async () => first,
  };
}

function multiplier({ size, products }: Product): Task {
  const operands = productOperands(size);
  const x = tensor(operands.x, [size, size]);
  const b = tensor(operands.b, [size, size]);
  let output: ArrayLike<number> = [];
  return {
    async step() {
      const y = scope(() => {
        let product: Tensor = x;
        for (let i = 0; i < products; i++) product = ops.matmul(product, b);
        return product;
      });
      output = await y.data();
      y.dispose();
      return {};
    },
    output: async () => sample(output),
  };
}

function generator(w: Generation): Task {
  const model = sequential([
    layers.input({ shape: [null], dtype: 'int32' }),
    layers.embedding(w.vocabulary, w.features),
    ...Array.from({ length: w.layers }, () => layers.lstm(w.units, { returnSequences: true })),
    layers.dense(w.vocabulary),
  ]);
  setWeights(model, w);
  const prefix = Array.from(startIds(w), (id) => [id]);
  let found: number[][] = [];
  return {
    async step() {
      const { sequences } = await generate(model, { prefix, maxNewTokens: w.tokens });
      found = sequences;
      return {};
    },
    output: async () => firstTokens(found[0].map((_, t) => found.map((ids) => ids[t]))),
  };
}

/** A recurrent layer over one long sequence. Its initial weights follow from the seed, the same for both ways to compute minGRU. */
async function learner(w: Recurrence, variant: string): Promise<Task> {
  const name = 'recurrent';
  const layer =
    variant === 'gru'
      ? layers.gru(w.units, { name })
      : variant === 'steps'
        ? new StepByStep(w.units, name)
        : layers.minGRU(w.units, { name });
  const start = layers.input({ shape: [w.time, w.features] });
  const model = sequential([start, layer, layers.dense(1, { name: 'last' })], { seed: 1 });
  model.compile({
    optimizer: optimizers.adam({ learningRate: 1e-3 }),
    loss: losses.meanSquaredError(),
  });
  const x = tensor(sequence(w), [w.batch, w.time, w.features]);
  // Far from what an untrained layer gives, so that the first few steps, all that slow ways take, come nearer.
  const y = tensor([3], [w.batch, 1]);
  // Before the first update, so that it is the same however many follow.
  const untrained = await model.predictOnBatch(x);
  const output = Array.from(await untrained.data());
  untrained.dispose();
  return {
    async step() {
      const { loss } = await model.trainOnBatch(x, y);
      return { loss };
    },
    output: async () => output,
  };
}

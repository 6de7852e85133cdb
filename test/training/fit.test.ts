import { beforeAll, describe, expect, it } from 'vitest';
import type { Device, DeviceStats } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import * as layers from '../../src/layers/index.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import * as losses from '../../src/losses/index.ts';
import { foldSeed, Random } from '../../src/random.ts';
import { sgd } from '../../src/optimizers/index.ts';
import { tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { countedDevice, difference } from '../support/commands.ts';
import type { Commands } from '../support/commands.ts';
import { float32Devices, gpu, reference } from '../support/devices.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { classifier, slotsOf, task, weightsOf } from './support.ts';

const silent = { verbose: 0 } as const;
const still = () => sgd({ learningRate: 0 });

describe('a step of training on the GPU', () => {
  let device: Device;
  beforeAll(async () => {
    device = await gpu();
  });

  it('is one submit with the same dispatches, and gives back its memory', async () => {
    const model = classifier(device, { dropout: 0.2 });
    const { x, y } = task(64);
    // What is read is read with the last step: 4 batches an epoch.
    const options = { ...silent, batchSize: 16, readEvery: 4, epochs: 1 };
    await model.fit(x, y, options);
    const before = device.stats();
    const steps: DeviceStats[] = [];
    await model.fit(x, y, {
      ...options,
      epochs: 3,
      callbacks: [{ onBatchEnd: () => void steps.push(device.stats()) }],
    });
    const after = device.stats();
    const each = steps.map((step, i) => difference(step, steps[i - 1] ?? before));
    expect(each).toEqual(each.map(() => ({ dispatches: each[0].dispatches, submits: 1 })));
    expect(each.length).toBe(12);
    expect(after.submits).toBe(steps.at(-1)!.submits);
    expect(new Set(steps.map(({ bytes }) => bytes)).size).toBe(1);
    expect(after.bytes).toBe(before.bytes);
    expect(after.storages).toBe(before.storages);
    expect(after.pipelines).toBe(before.pipelines);
  });

  it('is one submit in trainOnBatch too, its reading included', async () => {
    const model = classifier(device);
    const { x, y } = task(8);
    await model.trainOnBatch(x, y);
    const before = device.stats();
    const logs = await model.trainOnBatch(x, y);
    const after = device.stats();
    expect(after.submits - before.submits).toBe(1);
    expect(after.bytes).toBe(before.bytes);
    expect(Object.keys(logs)).toEqual(['loss', 'accuracy']);
  });

  it('asks WebGPU for the same dispatches at 50 time steps as at 200, in every step', async () => {
    const { device, counted, stated, end } = await countedDevice();
    const stepsAt = async (time: number): Promise<Commands[]> => {
      const model = sequential(
        [layers.embedding(5404, 64, { maskZero: true }), layers.lstm(128), layers.dense(1)],
        { device, seed: 1 },
      );
      model.compile({
        optimizer: 'adam',
        loss: losses.binaryCrossentropy({ fromLogits: true }),
        metrics: ['accuracy'],
      });
      const { x, y } = task(96, time);
      const steps: Commands[] = [];
      let before = [counted(), stated()];
      const begin = () => void (before = [counted(), stated()]);
      const note = () => {
        const [real, own] = [counted(), stated()].map((now, i) => difference(now, before[i]));
        expect(own).toEqual(real);
        steps.push(real);
      };
      await model.fit(x, y, {
        ...silent,
        batchSize: 32,
        readEvery: 2,
        callbacks: [{ onBatchBegin: begin, onBatchEnd: note }],
      });
      begin();
      await model.trainOnBatch(x.slice(0, 32), y.slice(0, 32));
      note();
      model.dispose();
      return steps;
    };
    try {
      const [short, long] = [await stepsAt(50), await stepsAt(200)];
      expect(short.length).toBe(4);
      const { dispatches } = short[0];
      expect(dispatches).toBeGreaterThan(0);
      expect([...short, ...long]).toEqual(Array(8).fill({ dispatches, submits: 1 }));
    } finally {
      end();
    }
  });

  it('gives the same bits for the same seed, however often it is read', async () => {
    const { x, y } = task(40);
    const run = async (seed: number, readEvery?: number) => {
      const model = classifier(device, { dropout: 0.3, seed: 3 });
      const { history } = await model.fit(x, y, {
        ...silent,
        epochs: 3,
        batchSize: 16,
        seed,
        readEvery,
      });
      return { history, weights: await weightsOf(model) };
    };
    const first = await run(11);
    expect(await run(11, 1)).toEqual(first);
    expect((await run(12)).weights).not.toEqual(first.weights);
  });

  it('agrees with the float64 twin', async () => {
    const { x, y } = task(40);
    const run = async (on: Device) => {
      const model = classifier(on, { dropout: 0.25, metrics: ['accuracy', 'meanAbsoluteError'] });
      const { history } = await model.fit(x, y, {
        ...silent,
        epochs: 3,
        batchSize: 16,
        validationSplit: 0.2,
        seed: 5,
      });
      return { history, predicted: await (await model.predict(x)).data() };
    };
    const [actual, expected] = [await run(device), await run(reference)];
    for (const [name, values] of Object.entries(expected.history))
      expectClose(actual.history[name], values, name, TOLERANCE.long);
    expectClose(actual.predicted, expected.predicted, 'predictions', TOLERANCE.long);
  });
});

describe.each(float32Devices)('fit on %s', (_, deviceOf) => {
  it('reports the mean over samples, a smaller last batch included', async () => {
    const model = classifier(await deviceOf(), { optimizer: still() });
    const { x, y } = task(37);
    const { epoch, history } = await model.fit(x, y, { ...silent, epochs: 2, batchSize: 10 });
    const whole = await model.evaluate(x, y, { ...silent, batchSize: 37 });
    expect(epoch).toEqual([0, 1]);
    expectClose(history.loss, [whole.loss, whole.loss], 'loss');
    expectClose(history.accuracy, [whole.accuracy, whole.accuracy], 'accuracy');
    const parts = await model.evaluate(x, y, { ...silent, batchSize: 8 });
    expectClose([parts.loss], [whole.loss], 'evaluate in parts');
    const [one, many] = [await model.predict(x), await model.predict(x, { batchSize: 5 })];
    expect(many.shape).toEqual([37, 1]);
    expectClose(await many.data(), await one.data(), 'predict in parts');
  });

  it('holds out the end of the data, before shuffling', async () => {
    const model = classifier(await deviceOf(), { optimizer: still() });
    const { x, y } = task(20);
    const split = await model.fit(x, y, { ...silent, validationSplit: 0.25 });
    const end = await model.evaluate(x.slice(15), y.slice(15), silent);
    const start = await model.evaluate(x.slice(0, 15), y.slice(0, 15), silent);
    expectClose([split.history.valLoss[0]], [end.loss], 'valLoss');
    expectClose([split.history.loss[0]], [start.loss], 'loss');
    expect(split.history.valAccuracy[0]).toBeCloseTo(end.accuracy, 6);
    const given = await model.fit(x.slice(0, 15), y.slice(0, 15), {
      ...silent,
      validationData: [x.slice(15), y.slice(15)],
    });
    expectClose([given.history.valLoss[0]], [end.loss], 'valLoss of validationData');
  });

  it('weights samples and classes', async () => {
    const model = classifier(await deviceOf(), {
      optimizer: still(),
      weightedMetrics: ['meanAbsoluteError'],
    });
    const { x, y } = task(12);
    const weights = y.map((label, i) => (label ? 3 : 0.5) * (1 + i));
    const plain = Array.from({ length: 12 }, (_, i) => 1 + i);
    const a = await model.fit(x, y, { ...silent, sampleWeight: weights });
    const b = await model.fit(x, y, {
      ...silent,
      sampleWeight: plain,
      classWeight: { 0: 0.5, 1: 3 },
    });
    const each = await Promise.all(x.map((row, i) => model.evaluate([row], [y[i]], silent)));
    // Keras: the weighted sum by the number of samples; a weighted metric by the sum of the weights.
    const loss = each.reduce((sum, logs, i) => sum + logs.loss * weights[i], 0) / 12;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const error =
      each.reduce((sum, logs, i) => sum + logs.meanAbsoluteError * weights[i], 0) / total;
    const accuracy = each.reduce((sum, logs) => sum + logs.accuracy, 0) / 12;
    for (const { history } of [a, b]) {
      expectClose(history.loss, [loss], 'weighted loss');
      expectClose(history.meanAbsoluteError, [error], 'weighted metric');
      expectClose(history.accuracy, [accuracy], 'metric');
    }
  });

  it('hands masks on to losses and metrics', async () => {
    const device = await deviceOf();
    const model = sequential(
      [
        layers.input({ shape: [null], dtype: 'int32' }),
        layers.embedding(8, 4, { maskZero: true }),
        layers.lstm(5, { returnSequences: true }),
        layers.timeDistributed(layers.dense(3, { activation: 'softmax' })),
      ],
      { device, seed: 2 },
    );
    model.compile({
      optimizer: still(),
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    });
    const short = [[1, 5, 3]];
    const labels = [[0, 2, 1]];
    const expected = await model.evaluate(short, labels, silent);
    const padded = await model.evaluate([[1, 5, 3, 0, 0]], [[0, 2, 1, 1, 1]], silent);
    expectClose([padded.loss], [expected.loss], 'loss');
    expectClose([padded.accuracy], [expected.accuracy], 'accuracy');
    const trained = await model.fit([[1, 5, 3, 0, 0]], [[0, 2, 1, 1, 1]], silent);
    expectClose(trained.history.loss, [expected.loss], 'loss in training');
  });

  it('takes batches from generators', async () => {
    const device = await deviceOf();
    const { x, y } = task(24);
    const wanted = await (async () => {
      const model = classifier(device);
      const { history } = await model.fit(x, y, {
        ...silent,
        batchSize: 8,
        epochs: 2,
        shuffle: false,
      });
      return history.loss;
    })();
    function* batches() {
      for (let i = 0; i < 24; i += 8) yield [x.slice(i, i + 8), y.slice(i, i + 8)] as const;
    }
    async function* endless() {
      for (;;)
        for (const [bx, by] of batches()) {
          await Promise.resolve();
          yield { x: bx, y: by };
        }
    }
    const every = await classifier(device).fit(() => batches(), { ...silent, epochs: 2 });
    expect(every.history.loss).toEqual(wanted);
    const list = await classifier(device).fit(
      [...batches()][Symbol.iterator] ? new Set(batches()) : [],
      { ...silent, epochs: 2 },
    );
    expect(list.history.loss).toEqual(wanted);
    const on = await classifier(device).fit(endless(), { ...silent, epochs: 2, stepsPerEpoch: 3 });
    expect(on.history.loss).toEqual(wanted);
    // A generator that was begun is ended, whether it was used up or not.
    let open = 0;
    function* held() {
      open++;
      try {
        yield* batches();
      } finally {
        open--;
      }
    }
    await classifier(device).fit(() => held(), { ...silent, stepsPerEpoch: 2 });
    const stop = {
      onBatchEnd: (_: number, __: object, model: Model) => void (model.stopTraining = true),
    };
    await classifier(device).fit(() => held(), { ...silent, callbacks: [stop] });
    await classifier(device).fit(() => held(), { ...silent, stepsPerEpoch: 3, callbacks: [stop] });
    expect(open).toBe(0);
    const theirs = held();
    await classifier(device).fit(theirs, { ...silent, stepsPerEpoch: 1 });
    expect(open).toBe(1);
    expect(theirs.next().done).toBe(false);
    // Tensors of the user stay the user's.
    const tensors = [...batches()].map(
      ([bx, by]) =>
        [
          tensor(Int32Array.from(bx.flatMap((row) => [...row])), [8, 6], 'int32', device),
          tensor(by, [8], 'float32', device),
        ] as const,
    );
    const given = await classifier(device).fit(() => tensors, { ...silent, epochs: 2 });
    expect(given.history.loss).toEqual(wanted);
    expect((await tensors[0][0].data()).length).toBe(48);
  });

  it('ends what it has begun of an iterable, whenever it leaves it', async () => {
    const device = await deviceOf();
    const { x, y } = task(24);
    let [begun, open] = [0, 0];
    const iterable = (broken = false) => ({
      *[Symbol.iterator]() {
        begun++;
        open++;
        try {
          for (let i = 0; i < 24; i += 8) yield [x.slice(i, i + 8), y.slice(i, i + 8)] as const;
          if (broken) yield [x, [1]] as const;
        } finally {
          open--;
        }
      },
    });
    const model = classifier(device);
    const stop = { onBatchEnd: () => void (model.stopTraining = true) };
    await model.fit(iterable(), { ...silent, callbacks: [stop] });
    await model.fit(iterable(), { ...silent, stepsPerEpoch: 2, callbacks: [stop] });
    await model.fit(iterable(), { ...silent, stepsPerEpoch: 2 });
    expect(open).toBe(0);
    await expect(model.fit(iterable(true), silent)).rejects.toThrow(/samples/);
    await model.evaluate(iterable(), { ...silent, steps: 1 });
    await model.fit(x, y, {
      ...{ ...silent, epochs: 2 },
      ...{ validationData: iterable(), validationSteps: 1 },
    });
    expect(open).toBe(0);
    // What has as many batches as an epoch has steps begins anew in the next one; what has more goes on.
    begun = 0;
    await model.fit(iterable(), { ...silent, epochs: 3, stepsPerEpoch: 3 });
    expect(begun).toBe(3);
    begun = 0;
    await model.fit(iterable(), { ...silent, epochs: 3, stepsPerEpoch: 1 });
    expect([begun, open]).toEqual([1, 0]);
  });

  it('trains several inputs and outputs, each loss with its factor', async () => {
    const device = await deviceOf();
    const build = (lossWeights: readonly number[] | Record<string, number>) => {
      const a = layers.input({ shape: [2], name: 'a' });
      const b = layers.input({ shape: [3], name: 'b' });
      const joined = layers.concatenate().apply([a, b]);
      const size = layers.dense(1, { name: 'size' }).apply(joined);
      const kind = layers.dense(4, { name: 'kind', activation: 'softmax' }).apply(joined);
      const model = graph({ inputs: [a, b], outputs: [size, kind], device, seed: 4 });
      model.compile({
        optimizer: still(),
        loss: { size: 'meanSquaredError', kind: 'sparseCategoricalCrossentropy' },
        metrics: { kind: ['accuracy'] },
        lossWeights,
      });
      return model;
    };
    const x = {
      b: [
        [1, 2, 3],
        [0, 1, 0],
      ],
      a: [
        [1, 0],
        [0, 2],
      ],
    };
    const y = [
      [[0.5], [1]],
      [3, 0],
    ];
    const model = build({ size: 2, kind: 0.25 });
    const { history } = await model.fit(x, y, silent);
    expect(Object.keys(history)).toEqual(['loss', 'sizeLoss', 'kindLoss', 'kindAccuracy']);
    expectClose(history.loss, [2 * history.sizeLoss[0] + 0.25 * history.kindLoss[0]], 'loss');
    const same = await build([2, 0.25]).evaluate([x.a, x.b], { kind: y[1], size: y[0] }, silent);
    expectClose([same.loss], history.loss, 'by position and by name');
    const outputs = await model.predict<any>([x.a, x.b]);
    expect(outputs.map((output: any) => output.shape)).toEqual([
      [2, 1],
      [2, 4],
    ]);
  });

  it('ends at once when its signal aborts, and keeps what it has learnt', async () => {
    const model = classifier(await deviceOf());
    const { x, y } = task(64);
    const controller = new AbortController();
    const steps: number[] = [];
    const result = await model.fit(x, y, {
      ...silent,
      epochs: 5,
      batchSize: 8,
      signal: controller.signal,
      callbacks: [
        {
          onBatchEnd: (batch) => {
            steps.push(batch);
            if (steps.length === 11) controller.abort();
          },
        },
      ],
    });
    expect(result.stopped).toBe('aborted');
    expect(steps.length).toBe(11);
    expect(model.optimizer.iterations).toBe(11);
    expect(result.epoch).toEqual([0]);
    // A signal that is aborted already stops before the first step.
    const none = await model.fit(x, y, { ...silent, signal: controller.signal });
    expect(none.stopped).toBe('aborted');
    expect(model.optimizer.iterations).toBe(11);
  });

  it('leaves room for other tasks, so that a timer can abort it', async () => {
    const model = classifier(await deviceOf());
    const { x, y } = task(64);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const result = await model.fit(x, y, {
      ...silent,
      epochs: 100_000,
      batchSize: 8,
      signal: controller.signal,
    });
    expect(result.stopped).toBe('aborted');
  });

  it('starts at a later epoch, and counts epochs over several calls', async () => {
    const model = classifier(await deviceOf());
    const { x, y } = task(8);
    await model.fit(x, y, { ...silent, epochs: 2 });
    const { epoch } = await model.fit(x, y, { ...silent, epochs: 5, initialEpoch: model.epoch });
    expect(epoch).toEqual([2, 3, 4]);
    expect(model.epoch).toBe(5);
  });

  it('leaves layers that are not trainable as they are', async () => {
    const model = classifier(await deviceOf());
    model.getLayer('gru').trainable = false;
    const { x, y } = task(8);
    const before = await weightsOf(model);
    await model.fit(x, y, silent);
    const after = await weightsOf(model);
    const changed = model.weights.map(({ name }, i) => [
      name,
      after[i].join() !== before[i].join(),
    ]);
    expect(changed).toEqual(model.weights.map(({ name }) => [name, !name.startsWith('gru')]));
  });
});

describe('a loss that is not finite', () => {
  it.each(float32Devices)(
    'on %s stops training and changes nothing, however late it is read',
    async (_, deviceOf) => {
      const device = await deviceOf();
      const { x, y } = task(64);
      const features = x.map((ids) => Array.from(ids, (id) => [id, 1]));
      const build = () => {
        const model = sequential(
          [layers.input({ shape: [6, 2] }), layers.lstm(4), layers.dense(1)],
          {
            device,
            seed: 3,
          },
        );
        model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
        return model;
      };
      const options = { ...silent, batchSize: 4, shuffle: false, epochs: 2, seed: 1 };
      const good = build();
      await good.fit(features.slice(0, 20), y.slice(0, 20), { ...options, epochs: 1 });

      for (const readEvery of [1, 50]) {
        const bad = build();
        const broken = y.map((label, i) => (i === 22 ? NaN : label));
        await expect(bad.fit(features, broken, { ...options, readEvery })).rejects.toThrow(
          /fit: the loss or a gradient was not finite in step 6 \(epoch 1, batch 6 \(samples 20 to 23\)\)\. Its targets hold NaN at index 2 of \[4,1\]\. The weights are those before that step/,
        );
        expect(await weightsOf(bad)).toEqual(await weightsOf(good));
        expect(await slotsOf(bad)).toEqual(await slotsOf(good));
        expect(bad.optimizer.iterations).toBe(5);
        // With better data it goes on.
        await bad.fit(features, y, { ...options, epochs: 1 });
        expect(bad.optimizer.iterations).toBe(21);
      }
      const huge = build();
      await expect(
        huge.trainOnBatch(
          features,
          y.map(() => 1e30),
        ),
      ).rejects.toThrow(/trainOnBatch: the loss or a gradient was not finite in step 1/);
      expect(await weightsOf(huge)).toEqual(await weightsOf(build()));
    },
  );
});

describe('a step that goes wrong unheard', () => {
  it.each(float32Devices)(
    'on %s is named 43 steps later, and none after it counts',
    async (_, deviceOf) => {
      const device = await deviceOf();
      const { x, y } = task(120);
      const options = { ...silent, batchSize: 2, shuffle: false, seed: 4 };
      const build = () => classifier(device, { dropout: 0.2 });
      const good = build();
      await good.fit(x.slice(0, 12), y.slice(0, 12), options);
      expect(good.optimizer.iterations).toBe(6);

      const bad = build();
      const broken = y.map((label, i) => (i === 13 ? NaN : label));
      let steps = 0;
      const count = { onBatchEnd: () => void steps++ };
      await expect(
        bad.fit(x, broken, { ...options, readEvery: 50, callbacks: [count] }),
      ).rejects.toThrow(
        /fit: the loss or a gradient was not finite in step 7 \(epoch 1, batch 7 \(samples 12 to 13\)\)\. Its targets hold NaN at index 1 of \[2,1\]\. The weights are those before that step/,
      );
      expect(steps).toBeGreaterThan(48);
      expect(await weightsOf(bad)).toEqual(await weightsOf(good));
      expect(await slotsOf(bad)).toEqual(await slotsOf(good));
      expect(bad.optimizer.iterations).toBe(6);
    },
  );
});

describe('NaN among the inputs', () => {
  it.each([
    ['binaryCrossentropy', layers.dense(1, { activation: 'sigmoid' })],
    ['meanSquaredError', layers.dense(1, { activation: 'relu' })],
    ['huber', layers.dense(1, { activation: 'hardSigmoid' })],
    ['sparseCategoricalCrossentropy', layers.dense(2, { activation: 'softmax' })],
  ] as const)('reaches the guard through activations and %s', async (loss, last) => {
    const model = sequential(
      [
        layers.input({ shape: [2, 2] }),
        layers.gru(3, { activation: 'relu' }),
        layers.dense(3, { activation: 'relu' }),
        last,
      ],
      { device: await gpu(), seed: 1 },
    );
    model.compile({ optimizer: 'adam', loss });
    const before = await weightsOf(model);
    const x = [
      [
        [1, NaN],
        [1, 1],
      ],
    ];
    await expect(model.fit(x, [1], silent)).rejects.toThrow(
      /not finite in step 1 .*Its inputs hold NaN at index 1 of \[1,2,2\]/,
    );
    expect(await weightsOf(model)).toEqual(before);
  });
});

describe('shuffling', () => {
  it('follows from seed and epoch alone', async () => {
    const seen: number[][] = [];
    const model = sequential([layers.input({ shape: [1] }), layers.dense(1)], { device: cpu() });
    model.compile({ optimizer: still(), loss: 'meanSquaredError' });
    const forward = model.forward.bind(model);
    model.forward = (inputs, context) => {
      void inputs[0].data().then((data) => seen.push(Array.from(data)));
      return forward(inputs, context);
    };
    const x = Array.from({ length: 10 }, (_, i) => [i]);
    await model.fit(x, x, { ...silent, epochs: 2, batchSize: 10, seed: 9 });
    const orders = [0, 1].map((epoch) =>
      Array.from(new Random(foldSeed(9, epoch)).shuffle(x.map(([i]) => i))),
    );
    expect(seen).toEqual(orders);
    expect(orders[0]).not.toEqual(orders[1]);
    expect([...orders[0]].sort()).toEqual(x.map(([i]) => i));
  });

  it('keeps the seed that it had where the data are refused', async () => {
    const model = sequential([layers.input({ shape: [1] }), layers.dense(1)], { device: cpu() });
    model.compile({ optimizer: still(), loss: 'meanSquaredError' });
    await model.fit([[1]], [[1]], { ...silent, seed: 9 });
    const before = await model.save();
    await expect(
      model.fit([[1]], [[1]], { ...silent, seed: 10, sampleWeight: [1, 2] }),
    ).rejects.toThrow(/expected as many samples in every array/);
    expect(await model.save()).toEqual(before);
    await model.fit([[1]], [[1]], { ...silent, seed: 10 });
    expect(await model.save()).not.toEqual(before);
  });
});

/** Training on a long text in pieces: states go on from batch to batch within an epoch, and nowhere else. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { Dataset, textStreams } from '../../src/data/index.ts';
import type { MetricName } from '../../src/metrics/index.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import type { Callback, Model } from '../../src/model/model.ts';
import { expectClose } from '../support/check.ts';
import type { Tensor } from '../../src/tensor.ts';
import { allDevices, reference } from '../support/devices.ts';
import { integers } from '../support/random.ts';
import { settled } from '../support/garbage.ts';
import { weightsOf } from './support.ts';

const V = 5;
const silent = { verbose: 0 } as const;
const textOf = (length: number, seed: number) => integers([length], seed, 1, V).data;
const text = textOf(48, 1);
/** 47 targets: three streams of 16, 16 and 15, in batches of 4 steps. */
const streams = () => textStreams(text, { batchSize: 3, sequenceLength: 4 });
/** Another number of streams, and a last batch of 3 steps. */
const validation = () => textStreams(textOf(23, 2), { batchSize: 2, sequenceLength: 4 });

function languageModel(device: Device, more: { maskZero?: boolean; metrics?: MetricName[] } = {}) {
  const { maskZero = true, metrics = ['perplexity', 'bitsPerCharacter'] as MetricName[] } = more;
  const model = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(V, 3, { maskZero, embeddingsInitializer: 'orthogonal' }),
      layers.lstm(4, { returnSequences: true, stateful: true, name: 'first' }),
      layers.bidirectional(layers.gru(2, { returnSequences: true, stateful: true })),
      layers.dense(V, { activation: 'softmax' }),
    ],
    { device, seed: 4 },
  );
  model.compile({
    optimizer: 'adam',
    loss: 'sparseCategoricalCrossentropy',
    metrics: maskZero ? metrics : [],
    weightedMetrics: maskZero ? [] : metrics,
  });
  return model;
}

/** The states of every layer, read. */
const statesOf = (model: Model) =>
  Promise.all(
    model.layers
      .flatMap((layer) => (layer as { states?: readonly Tensor[] | null }).states ?? [])
      .map((state) => state.array()),
  );

const held = (device: Device) => {
  const { bytes, storages } = device.stats();
  return { bytes, storages };
};

describe.each(allDevices)('a text in streams, on %s', (_, open) => {
  it('is learnt as batch after batch by hand, each epoch from states of zero', async () => {
    const device = await open();
    const [model, byHand] = [languageModel(device), languageModel(device)];
    const { history } = await model.fit(streams(), { ...silent, epochs: 2 });
    for (let epoch = 0; epoch < 2; epoch++) {
      byHand.resetStates();
      for await (const { x, y, sampleWeight } of streams())
        await byHand.trainOnBatch(x, y, sampleWeight ? { sampleWeight } : {});
    }
    expect(await weightsOf(model)).toEqual(await weightsOf(byHand));
    expect(history.loss).toHaveLength(2);
    model.dispose();
    byHand.dispose();
  });

  it('is measured over every token once, whatever the lengths of batches', async () => {
    const device = await open();
    const model = languageModel(device);
    const unmasked = languageModel(device, { maskZero: false });
    // Backwards, nothing is known of later batches.
    for (const one of [model, unmasked])
      one.setWeights(
        [...one.namedWeights()].map(([name, { shape, size }]) => ({
          shape,
          data: Float32Array.from({ length: size }, (_, i) =>
            name.includes('backward') ? 0 : Math.sin(1 + i * i),
          ),
        })),
      );
    // The three streams as they are, in one batch.
    const output = await model.predictOnBatch({ data: text, shape: [3, 16] });
    const p = await output.data();
    output.dispose();
    let nats = 0;
    for (let at = 0; at < 47; at++) nats -= Math.log(p[at * V + text[at + 1]]);
    model.resetStates();
    for (const one of [model, unmasked])
      for (const sequenceLength of [1, 4, 7, 15]) {
        const found = await one.evaluate(
          textStreams(text, { batchSize: 3, sequenceLength }),
          silent,
        );
        expectClose(
          [found.perplexity, found.bitsPerCharacter],
          [Math.exp(nats / 47), nats / 47 / Math.LN2],
          `in steps of ${sequenceLength}`,
        );
      }
    model.dispose();
    unmasked.dispose();
  });

  it('is validated from states of zero, and training goes on as if it had not been', async () => {
    const device = await open();
    const logs: unknown[] = [];
    const run = async (validated: boolean) => {
      const model = languageModel(device);
      const found: number[] = [];
      const measure: Callback = {
        async onBatchEnd() {
          if (validated) found.push((await model.evaluate(validation(), silent)).perplexity);
        },
      };
      // An epoch ends in the middle of the text.
      const { history } = await model.fit(streams(), {
        ...{ ...silent, epochs: 4, stepsPerEpoch: 2, callbacks: [measure] },
        ...(validated && { validationData: validation() }),
      });
      if (validated) expect(found[1]).toBeCloseTo(history.valPerplexity[0], 10);
      logs.push(history.loss, history.perplexity, await weightsOf(model));
      model.dispose();
    };
    await run(false);
    await run(true);
    expect(logs.slice(3)).toEqual(logs.slice(0, 3));
  });

  it('leaves the states that layers had before, and no memory', async () => {
    const device = await open();
    const model = languageModel(device);
    const [{ x, y }] = await streams().toArray();
    await model.trainOnBatch(x, y);
    const before = await statesOf(model);
    expect(before.flat(3).some((value) => value !== 0)).toBe(true);
    await settled();
    const memory = held(device);
    await model.fit(streams(), { ...silent, validationData: validation() });
    await model.evaluate(validation(), silent);
    expect(await statesOf(model)).toEqual(before);
    const stop = new AbortController();
    await model.fit(streams(), {
      ...{ ...silent, signal: stop.signal },
      callbacks: [{ onBatchEnd: () => stop.abort() }],
    });
    expect(await statesOf(model)).toEqual(before);
    expect(held(device)).toEqual(memory);
    model.resetStates();
    await model.fit(streams(), silent);
    expect(await statesOf(model)).toEqual([]);
    model.dispose();
  });
});

it('other data changes states as before, unless it says that its batches continue one another', async () => {
  const [{ x, y }] = await streams().toArray();
  const batches = () => [{ x, y }];
  const model = languageModel(reference);
  await model.fit(Dataset.fromGenerator(batches), silent);
  const states = await statesOf(model);
  expect(states).not.toEqual([]);
  await model.fit(Dataset.fromGenerator(batches, { stateful: true }), silent);
  expect(await statesOf(model)).toEqual(states);
  await model.fit(batches, silent);
  expect(await statesOf(model)).not.toEqual(states);
});

it('a dataset that is made of streams keeps to it', async () => {
  const model = languageModel(reference);
  const changed = streams()
    .map((batch) => batch)
    .take(2)
    .prefetch(2)
    .cache();
  await model.fit(changed, silent);
  expect(await statesOf(model)).toEqual([]);
});

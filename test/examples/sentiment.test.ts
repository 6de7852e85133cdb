import { describe, expect, it } from 'vitest';
import { buildNetwork, cells } from '../../examples/sentiment/network.ts';
import type { Cell } from '../../examples/sentiment/network.ts';
import { madeUpReviews } from '../../examples/sentiment/sentences.ts';
import { memoryStore } from '../../examples/store.ts';
import type { Store } from '../../examples/store.ts';
import { Estimate, train } from '../../examples/training.ts';
import { loadModel, setDevice } from '../../src/index.ts';
import { gpu } from '../support/devices.ts';
import { TextVectorization } from '../../src/text/index.ts';

const reviews = madeUpReviews(160, 3);
const texts = reviews.map(({ text }) => text);
const labels = reviews.map(({ label }) => label);

async function vectorizer(): Promise<TextVectorization> {
  const vectorization = new TextVectorization();
  await vectorization.adapt(texts);
  return vectorization;
}

async function run(store: Store, epochs: number, settings = {}, resume = false) {
  setDevice(await gpu());
  const vectorization = await vectorizer();
  return train({
    ...{ store, epochs, resume, settings },
    build: () => buildNetwork(vectorization, 'LSTM', { seed: 1, units: 8 }),
    fit: (model, options) =>
      model.fit(texts, labels, { ...options, batchSize: 32, validationSplit: 0.2, verbose: 0 }),
  });
}
const weightsOf = async ({ model }: Awaited<ReturnType<typeof run>>) =>
  (await model.getWeights()).map(({ data }) => [...data]);

describe('sentiment', () => {
  it('makes up reviews, the same for the same seed, half of them positive', () => {
    expect(madeUpReviews(160, 3)).toEqual(reviews);
    expect(madeUpReviews(160, 4)).not.toEqual(reviews);
    expect(labels.filter((label) => label === 1)).toHaveLength(80);
    expect(madeUpReviews(20, 1, 5).some(({ text }) => text.split(/[.!]/).length > 4)).toBe(true);
  });

  it('makes up no review twice, so that none held out stands among the others', () => {
    expect(new Set(madeUpReviews(800, 1).map(({ text }) => text)).size).toBe(800);
  });

  it('has the parameters of the course with its vocabulary', async () => {
    setDevice(await gpu());
    const words = Array.from({ length: 5402 }, (_, i) => `word${i}`);
    const count = (cell: Cell) => {
      const vectorization = new TextVectorization({ vocabulary: words });
      const model = buildNetwork(vectorization, cell, { seed: 1 });
      const parameters = model.countParams();
      model.dispose();
      return parameters;
    };
    expect(Object.keys(cells)).toHaveLength(4);
    expect(count('SimpleRNN')).toBe(370689);
    expect(count('LSTM')).toBe(444801);
  });

  it('learns from texts, and goes on from a checkpoint with the bits of an unbroken run', async () => {
    const [broken, whole] = [memoryStore(), memoryStore()];
    const expected = await run(whole, 4);
    await run(broken, 2);
    const resumed = await run(broken, 4, {}, true);
    expect(resumed.logs).toEqual(expected.logs);
    expect(await weightsOf(resumed)).toEqual(await weightsOf(expected));
    expect(resumed.best).toEqual(expected.best);
    expect(expected.logs[3].loss).toBeLessThan(expected.logs[0].loss);
    // Nothing is left to do; the best epoch is read, and takes texts.
    const again = await run(broken, 4, {}, true);
    expect(again.logs).toEqual(expected.logs);
    const best = await loadModel(again.best.saved);
    const { valAccuracy } = expected.logs[expected.best.epoch];
    const found = await best.evaluate(texts.slice(128), labels.slice(128), { verbose: 0 });
    expect(found.accuracy).toBeCloseTo(valAccuracy, 6);
  });

  it('starts anew without --resume, and refuses a checkpoint of other settings with it', async () => {
    const store = memoryStore();
    const first = await run(store, 1, { data: 'a' });
    expect((await run(store, 1, { data: 'b' })).logs).toEqual(first.logs);
    await expect(run(store, 2, { data: 'a' }, true)).rejects.toThrow(/expected a checkpoint of/);
  });

  it('estimates by the epochs that are run', () => {
    const said: string[] = [];
    const { log } = console;
    console.log = (text: string) => said.push(text);
    try {
      const estimate = new Estimate(4);
      estimate.skip(2);
      estimate.epoch();
      estimate.epoch();
    } finally {
      console.log = log;
    }
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^1 of 2 epochs left, about \d+ s$/);
  });
});

/** Models whose first layer makes numbers of texts. */
import { describe, expect, it } from 'vitest';
import { Dataset } from '../../src/data/index.ts';
import type { Layer, SymbolicTensor } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { registerLayer } from '../../src/layers/custom_layers.ts';
import { model, sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import type { BatchData } from '../../src/model/batch_data.ts';
import { loadModel } from '../../src/model/load.ts';
import { TextVectorization } from '../../src/text/index.ts';
import { reference } from '../support/devices.ts';
import { weightsOf } from './support.ts';

const TEXTS = ['good', 'bad, bad film', 'a good film', 'not a good film at all', 'bad', 'so good!'];
const LABELS = [1, 0, 1, 0, 0, 1];
const silent = { verbose: 0, shuffle: false, epochs: 2, batchSize: 4 } as const;

async function vectorizer(options = {}): Promise<TextVectorization> {
  const vectorization = new TextVectorization(options);
  await vectorization.adapt(TEXTS);
  return vectorization;
}

/** Behind `first`, a small network with a mask; compiled. */
function classifier(first: Layer | SymbolicTensor): Model {
  const made = sequential(
    [
      first,
      layers.embedding(20, 3, { maskZero: true }),
      layers.gru(4),
      layers.dense(1, { activation: 'sigmoid' }),
    ],
    { device: reference, seed: 3 },
  );
  made.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  return made;
}
const ids = layers.input({ shape: [null], dtype: 'int32' });
const predictions = async (made: Model, x: BatchData) =>
  Array.from(await (await made.predict(x)).data());

describe('TextVectorization as the first layer', () => {
  it('trains, evaluates and predicts as the numbers of the texts do, batch by batch', async () => {
    const vectorization = await vectorizer();
    const [texts, numbers] = [classifier(vectorization), classifier(ids)];
    const batches = [TEXTS.slice(0, 4), TEXTS.slice(4)].map((x, i) => ({
      x: vectorization.vectorize(x),
      y: LABELS.slice(4 * i, 4 * i + 4),
    }));
    // Each batch is as long as its own longest text.
    expect(batches.map(({ x }) => x.shape)).toEqual([
      [4, 6],
      [2, 2],
    ]);
    const expected = await numbers.fit(() => batches, { ...silent });
    const found = await texts.fit(TEXTS, LABELS, silent);
    expect(found.history).toEqual(expected.history);
    expect(await weightsOf(texts)).toEqual(await weightsOf(numbers));
    expect(
      await texts.evaluate(TEXTS, LABELS, { verbose: 0, batchSize: silent.batchSize }),
    ).toEqual(await numbers.evaluate(() => batches, { verbose: 0 }));
    const alone = await predictions(numbers, batches[1].x);
    expect(await predictions(texts, TEXTS.slice(4))).toEqual(alone);
    const step = await numbers.trainOnBatch(batches[0].x, batches[0].y);
    expect(await texts.trainOnBatch(TEXTS.slice(0, 4), LABELS.slice(0, 4))).toEqual(step);
  });

  it('takes what is held out, and batches of texts from a dataset', async () => {
    const split = { ...silent, validationSplit: 0.5, batchSize: 3 };
    const held = await classifier(await vectorizer()).fit(TEXTS, LABELS, split);
    const pairs = TEXTS.map((x, i) => ({ x, y: LABELS[i] }));
    const [training, rest] = Dataset.of(pairs).batch(3).split(0.5);
    const found = await classifier(await vectorizer()).fit(training, {
      ...{ verbose: 0, epochs: 2 },
      validationData: rest,
    });
    expect(found.history).toEqual(held.history);
  });

  it('is saved with its vocabulary, and loaded', async () => {
    const trained = classifier(await vectorizer({ standardize: 'lower' }));
    const loaded = await loadModel(await trained.save(), { device: reference });
    const texts = ['a GOOD film', 'unheard of'];
    expect(await predictions(loaded, texts)).toEqual(await predictions(trained, texts));
    expect(loaded.getConfig()).toEqual(trained.getConfig());
    expect(loaded.summary(() => {})).toMatch(
      /text_vectorization \(TextVectorization\) │ \(None, None\)/,
    );
  });

  it('is loaded with its functions, which are registered again', async () => {
    const standardize = (text: string) => text.replaceAll('!', '');
    const trained = classifier(await vectorizer({ standardize }));
    const saved = await trained.save();
    await expect(loadModel(saved, { device: reference })).rejects.toThrow(
      "before loadModel, registerLayer('TextVectorization', (config) => " +
        'TextVectorization.fromConfig(config, { standardize }))',
    );
    registerLayer('TextVectorization', (config) =>
      TextVectorization.fromConfig(config, { standardize }),
    );
    try {
      const loaded = await loadModel(saved, { device: reference });
      expect(await predictions(loaded, ['so! good!!'])).toEqual(
        await predictions(trained, ['so good']),
      );
    } finally {
      registerLayer('TextVectorization', TextVectorization.fromConfig);
    }
  });

  it('gives a row of weights in other modes, and is an input of a graph', async () => {
    const vectorization = await vectorizer({ outputMode: 'multiHot' });
    const size = vectorization.vocabularySize();
    const bag = vectorization.symbolic();
    expect(bag.shape).toEqual([null, size]);
    const side = layers.input({ shape: [2], name: 'side' });
    const joined = layers.concatenate().apply([bag, side]);
    const network = model({ inputs: [bag, side], outputs: joined, device: reference });
    const found = await predictions(network, [['film'], [[7, 8]]]);
    const column = vectorization.getVocabulary().indexOf('film');
    expect(found).toEqual([...Array.from({ length: size }, (_, i) => +(i === column)), 7, 8]);
  });

  it('gives outputs of one length where they have one for every word', async () => {
    const vectorization = await vectorizer();
    const tagger = (first: Layer | SymbolicTensor) =>
      sequential([first, layers.embedding(20, 3, { maskZero: true }), layers.dense(2)], {
        ...{ device: reference, seed: 5 },
      });
    const all = await tagger(ids).predict(vectorization.vectorize(TEXTS));
    const found = await tagger(vectorization).predict(TEXTS, { batchSize: 1 });
    expect(found.shape).toEqual([6, 6, 2]);
    expect(await found.data()).toEqual(await all.data());
  });

  it('says what is wrong', async () => {
    expect(() => classifier(new TextVectorization())).toThrow(/no vocabulary yet; `await adapt/);
    const made = classifier(await vectorizer());
    await expect(made.predict('good' as any)).rejects.toThrow(
      /input 'text_vectorization': expected a flat list of texts, got 'good'; give \[text\]/,
    );
    await expect(made.predict(['good', null] as any)).rejects.toThrow(/list of texts, got null/);
    for (const [texts, got] of [
      [[['good'], ['bad']], 'a list of 1'],
      [[undefined, 'a'], 'undefined'],
      [['a', undefined], 'undefined'],
      [[3, 'a'], '3'],
    ])
      await expect(made.predict(texts as any)).rejects.toThrow(
        new RegExp(`expected a flat list of texts, got ${got}; give \\[text\\]`),
      );
    await expect(made.stream().step(['good film'] as any)).rejects.toThrow(
      /got 'good film'; make ids of texts first, for a stream as well/,
    );
    await expect(made.fit(TEXTS, [1], silent)).rejects.toThrow(/as many samples .* x: 6, y: 1/);
    await expect(classifier(ids).predict(['good'])).rejects.toThrow(/expected numbers in lists/);
  });
});

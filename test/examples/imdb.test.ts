import { describe, expect, it } from 'vitest';
import {
  buildNetwork as buildSmall,
  gloveVariant,
  variants,
  WORDS,
} from '../../examples/imdb-small/network.ts';
import { Corpus } from '../../examples/imdb-small/samples.ts';
import { batchesOf, holdOut, stepsOf } from '../../examples/imdb/batches.ts';
import type { Sample } from '../../examples/imdb/batches.ts';
import { encoderFor, readReviews } from '../../examples/imdb/data.ts';
import { buildNetwork, paddingEffect } from '../../examples/imdb/network.ts';
import { memoryStore } from '../../examples/store.ts';
import { train } from '../../examples/training.ts';
import type { Training } from '../../examples/training.ts';
import { setDevice } from '../../src/index.ts';
import { gpu } from '../support/devices.ts';

const batching = { seed: 5, batchSize: 32, width: 20 };

describe('the reviews', () => {
  it('come in an order of their own, the first ones as a sample of all', async () => {
    const [all, some] = [await readReviews('train'), await readReviews('train', undefined, 100)];
    expect(all).toHaveLength(600);
    expect(some).toEqual(all.slice(0, 100));
    const good = some.filter(({ label }) => label === 1).length;
    expect(Math.abs(good - 50)).toBeLessThan(20);
    const test = await readReviews('test');
    expect(test).toHaveLength(200);
    expect(new Set([...all, ...test].map(({ text }) => text)).size).toBe(800);
  });

  it('are encoded in subwords without loss', async () => {
    const reviews = await readReviews('train', undefined, 50);
    const encoder = await encoderFor(reviews);
    const { text } = reviews[0];
    expect(encoder.decode(encoder.encode(text))).toBe(text);
  });

  it('are batched by length: as many batches as counted, the same for the same epoch', async () => {
    const samples = Array.from({ length: 90 }, (_, i) => ({
      x: new Int32Array(1 + ((i * 7) % 50)).fill(1),
      y: i % 2,
    }));
    const [training, held] = holdOut(samples, 0.1);
    expect([training.length, held.length]).toEqual([81, 9]);
    const shapes = async (epoch: number) => {
      const found: number[][] = [];
      for await (const { x } of batchesOf(training, batching)(epoch)) found.push([...x.shape]);
      return found;
    };
    const first = await shapes(0);
    expect(first).toHaveLength(stepsOf(training, batching));
    expect(first.reduce((sum, [rows]) => sum + rows, 0)).toBe(81);
    expect(await shapes(0)).toEqual(first);
  });
});

const network = { vocabulary: 600, seed: 1, learningRate: 5e-3, units: 8 };

interface Run extends Partial<Training> {
  readonly samples: readonly Sample[];
  readonly learningRate?: number;
}

function run({ samples, learningRate = 5e-3, ...given }: Run) {
  const [training, held] = holdOut(samples, 0.2);
  return train({
    ...{ store: memoryStore(), epochs: 3, resume: false, settings: {}, ...given },
    build: () => buildNetwork('two', { ...network, learningRate }),
    fit: (model, options) =>
      model.fit(batchesOf(training, batching), {
        ...{ ...options, seed: 1, verbose: 0, stepsPerEpoch: stepsOf(training, batching) },
        validationData: batchesOf(held, batching),
      }),
  });
}

describe('imdb', () => {
  it('goes on with the bits of an unbroken run, dropout and order included; masks leave padding out', async () => {
    setDevice(await gpu());
    const reviews = await readReviews('train', undefined, 200);
    const encoder = await encoderFor(reviews);
    expect(encoder.vocabularySize).toBeLessThan(network.vocabulary);
    const samples = reviews.map(({ text, label }) => ({
      x: Int32Array.from(encoder.encode(text)),
      y: label,
    }));
    const expected = await run({ samples });
    const store = memoryStore();
    await run({ samples, store, epochs: 1 });
    const resumed = await run({ samples, store, resume: true });
    expect(resumed.logs).toEqual(expected.logs);
    expect(resumed.best).toEqual(expected.best);
    expect(expected.logs[2].loss).toBeLessThan(expected.logs[0].loss);

    const ids = encoder.encode('The film was really great.');
    const { masked, unmasked } = await paddingEffect('two', network, expected.best.saved, ids);
    expect(masked.padded).toBeCloseTo(masked.alone, 6);
    expect(unmasked.alone).toBeCloseTo(masked.alone, 6);
    expect(Math.abs(unmasked.padded - unmasked.alone)).toBeGreaterThan(1e-4);
  });

  it('ends when the validation accuracy has stood still for as many epochs as are waited for', async () => {
    setDevice(await gpu());
    const samples = Array.from({ length: 40 }, (_, i) => ({ x: Int32Array.of(1 + i), y: i % 2 }));
    const still = { samples, learningRate: 1e-9, store: memoryStore(), epochs: 9 };
    const ended = await run({ ...still, patience: 2 });
    expect(ended.logs).toHaveLength(3);
    expect(ended.best.epoch).toBe(0);
    const again = await run({ ...still, patience: 2, resume: true });
    expect(again.logs).toEqual(ended.logs);
    expect((await run({ ...still, resume: true })).logs).toHaveLength(9);
  });

  it('has the layers of the course', async () => {
    setDevice(await gpu());
    const count = (depth: 'one' | 'two') => {
      const model = buildNetwork(depth, { vocabulary: 8185, seed: 1, learningRate: 1e-4 });
      const parameters = model.countParams();
      model.dispose();
      return parameters;
    };
    // 8185 · 64 + 2 · 4 · (64 + 64 + 1) · 64 + (128 + 1) · 64 + 65
    expect(count('one')).toBe(598_209);
    // ... + 2 · 4 · (128 + 32 + 1) · 32 for the second, of whose 64 outputs the dense layer makes 64
    expect(count('two')).toBe(635_329);
  });
});

describe('imdb-small', () => {
  it('trains each network on numbers of words', async () => {
    setDevice(await gpu());
    const corpus = new Corpus(await readReviews('train', undefined, 160));
    const { vocabulary } = corpus;
    expect(vocabulary).toHaveLength(WORDS);
    expect([vocabulary[0], vocabulary[1]]).toEqual(['', 'the']);
    const vectors = new Float32Array(WORDS * 4);
    vocabulary.forEach((word, row) => {
      if (word) vectors.fill(/good|great|fine|lovely/.test(word) ? 1 : -0.5, row * 4, row * 4 + 4);
    });
    for (const [name, variant] of Object.entries({ ...variants, glove: gloveVariant(vectors) })) {
      const samples = corpus.samples(variant);
      if (variant.padded) expect(new Set(samples.map(({ x }) => x.length)).size).toBe(1);
      const model = buildSmall(variant, 1);
      const { history } = await model.fit(batchesOf(samples, { seed: 1, batchSize: 32 }), {
        ...{ epochs: 3, seed: 1, verbose: 0 },
      });
      expect(history.loss[2], name).toBeLessThan(history.loss[0]);
      if (name === 'glove') {
        const [{ data }] = await model.layers[1].getWeights();
        expect(data).toEqual(vectors);
      }
      model.dispose();
    }
  });
});

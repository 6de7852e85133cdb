/** word2vec: the step against a plain one and against autograd, what is sampled, and corpora whose neighbours are known. */
import { describe, expect, it } from 'vitest';
import { gradientsOf } from '../../src/pullbacks.ts';
import type { Device } from '../../src/backend.ts';
import { embedding } from '../../src/ops/embedding.ts';
import { mul, sigmoidCrossEntropy, sum } from '../../src/ops/index.ts';
import { reshape } from '../../src/ops/views.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import { Random } from '../../src/random.ts';
import { AliasTable } from '../../src/vectors/alias_table.ts';
import { BatchMaker } from '../../src/vectors/batches.ts';
import type { Batch, Sampling } from '../../src/vectors/batches.ts';
import { Grouper } from '../../src/vectors/group_places.ts';
import { trainWordVectors } from '../../src/vectors/index.ts';
import type { TrainingProgress } from '../../src/vectors/index.ts';
import { NegativeSampling } from '../../src/vectors/negative_sampling.ts';
import { countWords, keepProbabilities, noiseTable } from '../../src/vectors/word_counts.ts';
import { expectClose } from '../support/check.ts';
import { gpu, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { settled } from '../support/garbage.ts';
import { TOY, toyCorpus } from './toy.ts';

const [VOCABULARY, WIDTH, EACH, RATE] = [40, 12, 4, 0.3];

/** Random examples with 1 to `most` inputs each; words come several times, also within an example. */
function batchOf(size: number, most: number): Batch {
  const random = new Random(5);
  const begins = [0];
  for (let b = 0; b < size; b++) begins.push(begins[b] + 1 + random.integer(most));
  const ids = (n: number) => Int32Array.from({ length: n }, () => random.integer(VOCABULARY));
  const lists = { inputs: ids(begins[size]), targets: ids(size * EACH) };
  return { size, begins: Int32Array.from(begins), ...lists };
}

const tables = () =>
  [1, 2].map((seed) => Float32Array.from(floats([VOCABULARY, WIDTH], seed).data));

/** The same step in plain loops. */
function plainStep({ size, inputs, begins, targets }: Batch) {
  const [input, output] = tables().map((table) => Float64Array.from(table));
  const [newInput, newOutput] = [input.slice(), output.slice()];
  const logits: number[] = [];
  for (let b = 0; b < size; b++) {
    const words = [...inputs.subarray(begins[b], begins[b + 1])];
    const mean = (e: number) =>
      words.reduce((total, word) => total + input[word * WIDTH + e], 0) / words.length;
    const hidden = Array.from({ length: WIDTH }, (_, e) => mean(e));
    for (let k = 0; k < EACH; k++) {
      const at = targets[b * EACH + k] * WIDTH;
      const logit = hidden.reduce((total, h, e) => total + h * output[at + e], 0);
      const slope = 1 / (1 + Math.exp(-logit)) - (k === 0 ? 1 : 0);
      logits.push(logit);
      for (let e = 0; e < WIDTH; e++) {
        newOutput[at + e] -= RATE * slope * hidden[e];
        for (const word of words) newInput[word * WIDTH + e] -= RATE * slope * output[at + e];
      }
    }
  }
  return { logits, input: newInput, output: newOutput };
}

async function stepOn(device: Device, batches: readonly Batch[]) {
  const [input, output] = tables();
  const learner = new NegativeSampling(device, VOCABULARY, input, output);
  let logits: ArrayLike<number> = [];
  for (const batch of batches) {
    const found = learner.step(batch, RATE);
    logits = await found.data();
    found.dispose();
  }
  const result = { logits, input: await learner.input.data(), output: await learner.output.data() };
  learner.dispose();
  return result;
}

describe('a step', () => {
  it.each([
    ['skip-gram', batchOf(50, 1)],
    ['CBOW', batchOf(30, 5)],
    ['a batch of one', batchOf(1, 3)],
  ])('is that of plain loops: %s', async (_, batch) => {
    const expected = plainStep(batch);
    const twin = await stepOn(reference, [batch]);
    const actual = await stepOn(await gpu(), [batch]);
    for (const key of ['logits', 'input', 'output'] as const) {
      expectClose(twin[key], expected[key], `${key} of the twin`, {
        ...{ absolute: 1e-12, relative: 1e-12 },
      });
      expectClose(actual[key], twin[key], `${key} of the GPU`);
    }
  });

  it('descends along the gradient of the cross-entropy', async () => {
    const batch = batchOf(50, 1);
    const [input, output] = tables().map((table) => {
      const { storage, shape } = tensor(table, [VOCABULARY, WIDTH], 'float32', reference);
      return new Variable(reference, storage, shape, 'table', true);
    });
    const labels = Array.from(batch.targets, (_, n) => (n % EACH === 0 ? 1 : 0));
    const gradients = scope(() => {
      const ids = (data: Int32Array) => tensor(data, undefined, 'int32', reference);
      const hidden = reshape(embedding(input, ids(batch.inputs)), [batch.size, 1, WIDTH]);
      const rows = embedding(output, ids(batch.targets));
      const logits = sum(mul(reshape(rows, [batch.size, EACH, WIDTH]), hidden), { axis: -1 });
      const targets = tensor(labels, [batch.size, EACH], 'float32', reference);
      return gradientsOf(sum(sigmoidCrossEntropy(logits, targets)), [input, output]);
    });
    const stepped = await stepOn(reference, [batch]);
    for (const [i, key] of (['input', 'output'] as const).entries()) {
      const gradient = await gradients[i]!.data();
      const expected = tables()[i].map((value, n) => value - RATE * gradient[n]);
      expectClose(stepped[key], expected, key, { absolute: 1e-7, relative: 1e-7 });
    }
  });

  it('gives the same bits again, after batches of other sizes too', async () => {
    const batches = [batchOf(3, 2), batchOf(50, 5), batchOf(20, 1)];
    const device = await gpu();
    expect(await stepOn(device, batches)).toEqual(await stepOn(device, batches));
  });
});

describe('what is sampled', () => {
  const sampling = (options: Partial<Sampling> = {}): Sampling => ({
    ...{ architecture: 'skipGram', window: 2, negative: 3, batchSize: 8 },
    ...{ keep: new Float64Array(20).fill(1), noise: new AliasTable(Array(20).fill(1)) },
    random: new Random(1),
    ...options,
  });
  const sentence = Array.from({ length: 20 }, (_, i) => i);
  const batchesOf = (options: Partial<Sampling>) => {
    const maker = new BatchMaker(sampling(options));
    return [...maker.add(sentence), ...maker.finish()];
  };

  it('takes words of the window, in batches of the size asked for, with other words beside them', () => {
    const batches = batchesOf({});
    expect(batches.slice(0, -1).every(({ size }) => size === 8)).toBe(true);
    const distances = new Map<number, number>();
    for (const { size, inputs, begins, targets } of batches) {
      expect(Array.from(begins)).toEqual(Array.from({ length: size + 1 }, (_, b) => b));
      for (let b = 0; b < size; b++) {
        const [sought, ...others] = targets.subarray(b * 4, b * 4 + 4);
        const distance = Math.abs(inputs[b] - sought);
        distances.set(distance, (distances.get(distance) ?? 0) + 1);
        expect(others).not.toContain(sought);
      }
    }
    expect([...distances.keys()].sort()).toEqual([1, 2]);
    expect(distances.get(1)).toBe(38);
    expect(distances.get(2)).toBeLessThan(36);
  });

  it('gives a CBOW example the words around and seeks the one between', () => {
    const [batch, ...rest] = batchesOf({ architecture: 'cbow', batchSize: 100 });
    expect([batch.size, rest.length]).toEqual([20, 0]);
    for (let b = 0; b < 20; b++) {
      const around = [...batch.inputs.subarray(batch.begins[b], batch.begins[b + 1])];
      const reach = Math.max(...around.map((word) => Math.abs(word - b)));
      const expected = sentence.filter((word) => word !== b && Math.abs(word - b) <= reach);
      expect([around, batch.targets[b * 4], reach <= 2]).toEqual([expected, b, true]);
    }
  });

  it('leaves frequent words out as often as stated', () => {
    const counts = { words: ['a', 'b'], counts: [9000, 1000], index: new Map(), total: 10_000 };
    const keep = keepProbabilities(counts, 0.01);
    const of = (share: number) => (Math.sqrt(share / 0.01) + 1) * (0.01 / share);
    expectClose(keep, [of(0.9), of(0.1)], 'kept', { absolute: 1e-12, relative: 0 });
    expect([...keepProbabilities(counts, 0)]).toEqual([1, 1]);
    const noise = new AliasTable([1, 1]);
    const maker = new BatchMaker(
      sampling({ architecture: 'cbow', batchSize: 1e5, negative: 1, keep, noise }),
    );
    const long = Array.from({ length: 40_000 }, (_, i) => Number(i % 10 === 0));
    expect([...maker.add(long)]).toEqual([]);
    const [batch] = maker.finish();
    const expected = 36_000 * of(0.9) + 4000 * of(0.1);
    expect(Math.abs(batch.size - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  it('draws as the weights say', () => {
    const weights = [5, 0, 1, 3, 1];
    const table = new AliasTable(weights);
    const random = new Random(3);
    const drawn = [0, 0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) drawn[table.draw(random)]++;
    drawn.forEach((count, i) => expect(Math.abs(count / 2000 - weights[i])).toBeLessThan(0.25));
    expect(drawn[1]).toBe(0);
  });

  it('says how many words it went through, also within a sentence and with those left out', () => {
    const keep = Float64Array.from(sentence, (id) => Number(id % 5 > 0));
    const maker = new BatchMaker(sampling({ architecture: 'cbow', keep, batchSize: 1 }));
    const kept = sentence.filter((id) => keep[id] > 0);
    for (const before of [0, 20]) {
      const seen = Array.from(maker.add(sentence), () => maker.words);
      expect(seen).toEqual(kept.map((id) => before + id + 1));
      expect(maker.words).toBe(before + 20);
    }
  });

  it('draws words by their count to the power of 0.75', () => {
    const noise = noiseTable({ counts: [10_000, 16, 1] });
    const random = new Random(3);
    const drawn = [0, 0, 0];
    for (let i = 0; i < 101_000; i++) drawn[noise.draw(random)]++;
    // 1000 : 8 : 1 of 1009.
    expect(Math.abs(drawn[1] - 801)).toBeLessThan(4 * Math.sqrt(801));
    expect(Math.abs(drawn[2] - 100)).toBeLessThan(4 * Math.sqrt(100));
  });

  it('groups the places of a number', () => {
    const grouper = new Grouper(10);
    for (let again = 0; again < 2; again++) {
      const { rows, begins, places } = grouper.groups(Int32Array.of(7, 2, 7, 9, 2, 7));
      expect([[...rows], [...begins], [...places]]).toEqual([
        [7, 2, 9],
        [0, 3, 5, 6],
        [0, 2, 5, 1, 4, 3],
      ]);
    }
  });

  it('counts words, the most frequent first, and drops rare ones', async () => {
    const corpus = [['b', 'a', 'c'], [], ['a', 'd', 'd', 'b', 'a']];
    const { words, counts, total } = await countWords(corpus, 2, () => undefined);
    expect([words, counts, total]).toEqual([['a', 'b', 'd'], [3, 2, 2], 7]);
  });
});

describe('trainWordVectors', () => {
  it.each(['skipGram', 'cbow'] as const)(
    'finds words that are used alike: %s',
    async (architecture) => {
      const device = await gpu();
      const reports: TrainingProgress[] = [];
      const onProgress = (progress: TrainingProgress) => reports.push(progress);
      const vectors = await trainWordVectors(toyCorpus(), {
        ...TOY,
        architecture,
        device,
        onProgress,
      });
      const groups = ['cat dog cow hen', 'pear plum fig lime', 'iron zinc lead tin'];
      for (const words of groups.map((group) => group.split(' ')))
        for (const word of words) {
          const others = words.filter((other) => other !== word);
          const found = vectors
            .nearest(word, 20)
            .filter((one) => groups.join(' ').includes(one.word));
          expect(
            found
              .slice(0, 3)
              .map((one) => one.word)
              .sort(),
          ).toEqual(others.sort());
        }
      expect(vectors.words[0]).toBe('the');
      const last = reports.at(-1)!;
      expect([last.epoch, last.epochs, last.words, last.secondsLeft]).toEqual([15, 15, 135_000, 0]);
      expect(last.totalWords).toBe(135_000);
      expect(last.loss).toBeLessThan(reports[0].loss);
      expect(last.learningRate).toBeLessThan(0.001);
      expect(reports.every((report) => report.learningRate <= 0.05)).toBe(true);
    },
  );

  it('gives the same vectors for the same seed, and words in the order of their counts', async () => {
    const corpus = toyCorpus(150);
    const options = { ...TOY, epochs: 2, dimension: 5, device: await gpu() };
    const first = await trainWordVectors(corpus, options);
    const again = await trainWordVectors(() => corpus.values(), options);
    const other = await trainWordVectors(corpus, { ...options, seed: 5 });
    expect(again.matrix).toEqual(first.matrix);
    expect(again.words).toEqual(first.words);
    expect(other.matrix).not.toEqual(first.matrix);
    expect([first.dimension, first.matrix.length]).toEqual([5, 5 * first.words.length]);
    const twin = await trainWordVectors(corpus, { ...options, device: reference });
    expectClose(first.matrix, twin.matrix, 'vectors', TOLERANCE.long);
  });

  it('lowers the rate also within the one sentence of a corpus', async () => {
    const reports: TrainingProgress[] = [];
    await trainWordVectors([toyCorpus(300).flat()], {
      ...{ ...TOY, sample: 0, epochs: 1, device: reference },
      onProgress: (progress) => reports.push(progress),
    });
    expect(reports.at(-1)!.learningRate).toBeLessThan(0.1 * TOY.learningRate!);
  });

  it('refuses a corpus in which no word has another beside it', async () => {
    const options = { ...TOY, minCount: 1, device: reference };
    const alone = toyCorpus(20).map((words) => words.slice(1, 2));
    const none = /expected sentences of two words or more, got none among 20 words/;
    await expect(trainWordVectors(alone, options)).rejects.toThrow(none);
    const sample = 1e-12;
    await expect(trainWordVectors(toyCorpus(20), { ...options, sample })).rejects.toThrow(
      /got none among 120 words: .* give longer sentences, or sample 0/,
    );
  });

  it('refuses a table that the device cannot bind before it is made', async () => {
    const small = Object.create(reference) as Device;
    Object.defineProperty(small, 'limits', {
      value: { ...reference.limits, maxBindingBytes: 480 },
    });
    await expect(trainWordVectors(toyCorpus(50), { ...TOY, device: small })).rejects.toThrow(
      /\d+ words x 12 numbers .* at most 10 words fit: give a higher minCount, or a smaller dimension/,
    );
  });

  it('stops when it is told to, with the vectors so far, and gives its memory back', async () => {
    const device = await gpu();
    await settled();
    const before = device.stats().storages;
    const stop = new AbortController();
    const words: number[] = [];
    const vectors = await trainWordVectors(toyCorpus(), {
      ...{ ...TOY, epochs: 1000, device, signal: stop.signal },
      onProgress: (progress) => {
        words.push(progress.words);
        stop.abort();
      },
    });
    expect(words.length).toBeLessThanOrEqual(2);
    expect(words.at(-1)).toBeLessThan(9_000_000);
    expect(vectors.matrix.every(Number.isFinite)).toBe(true);
    expect(device.stats().storages).toBe(before);
    await expect(
      trainWordVectors(toyCorpus(), { device, signal: AbortSignal.abort() }),
    ).rejects.toThrow(/abort/i);
  });

  it('refuses what it cannot learn from', async () => {
    const train = (corpus: unknown, options: object = {}) =>
      trainWordVectors(corpus as string[][], { ...TOY, device: reference, ...options });
    const corpus = toyCorpus(20);
    await expect(train(['the cat sleeps'])).rejects.toThrow(
      /lists of words, got 'the cat sleeps'; split/,
    );
    await expect(train([['a', 'b']])).rejects.toThrow(
      /two words or more that occur 5 times, got 0 of 2 words/,
    );
    await expect(train(corpus.values(), { minCount: 1 })).rejects.toThrow(
      /the same 120 words in every epoch, got 0; give an array, or a function/,
    );
    await expect(train(corpus, { architecture: 'glove' })).rejects.toThrow(
      /architecture to be one of skipGram, cbow, got 'glove'/,
    );
    await expect(train(corpus, { window: 0 })).rejects.toThrow(
      /window to be a positive whole number/,
    );
    await expect(train(corpus, { batchSize: 1.5 })).rejects.toThrow(
      /batchSize to be a positive whole/,
    );
    await expect(train(corpus, { sample: NaN })).rejects.toThrow(/sample to be a number from 0 on/);
    const device = await gpu();
    const before = device.stats().storages;
    await expect(train(corpus, { device, learningRate: 1e30 })).rejects.toThrow(
      /the vectors diverged; give a smaller batchSize/,
    );
    expect(device.stats().storages).toBe(before);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { batchOf } from '../../examples/anbn/batches.ts';
import { answersOf, judge, judgeNetwork } from '../../examples/anbn/judge.ts';
import { bracketLanguage, countingLanguage, textOf } from '../../examples/anbn/languages.ts';
import { CELLS, counterOf, learn } from '../../examples/anbn/learn.ts';
import { markovModel } from '../../examples/anbn/markov.ts';
import { memoryStore } from '../../examples/store.ts';
import { setDevice } from '../../src/index.ts';
import { openWasm } from '../support/devices.ts';

beforeAll(async () => setDevice(await openWasm()));

describe('the languages', () => {
  it('aⁿbⁿ: from the first b on it is certain what comes next', () => {
    const language = countingLanguage(4);
    expect(language.train(0).map((word) => textOf(word, language))).toEqual(['ab', 'aabb', 'aaabbb', 'aaaabbbb']); // prettier-ignore
    expect(language.valid.map(({ symbols }) => symbols.length / 2)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(language.test.map(({ symbols }) => symbols.length / 2)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1)); // prettier-ignore
    expect(language.wordOf(2)).toEqual({ symbols: [1, 1, 2, 2], next: [1, 3, 3, 2, 4], count: [0, 1, 2, 1, 0] }); // prettier-ignore
  });

  it('brackets: closed in the end, to the depth that was asked for', () => {
    const language = bracketLanguage(6, 1);
    expect(bracketLanguage(6, 1).train(3)).toEqual(language.train(3));
    expect(language.train(4)).not.toEqual(language.train(3));
    expect(bracketLanguage(6, 2).train(3)).not.toEqual(language.train(3));
    expect(textOf(language.wordOf(3), language)).toBe('((()))');
    for (const [words, first, last] of [
      [language.train(0), 1, 6],
      [language.valid, 1, 12],
      [language.test, 1, 18],
    ] as const) {
      const depths = new Set(words.map(({ count }) => Math.max(...count)));
      expect([...depths].sort((a, b) => a - b)).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i)); // prettier-ignore
      for (const { symbols, next, count } of words) {
        expect(count).toHaveLength(symbols.length + 1);
        expect(count.at(-1)).toBe(0);
        expect(Math.min(...count)).toBe(0);
        expect(next).toEqual(count.map((open) => (open > 0 ? 3 : 5)));
      }
    }
  });

  it('are batches of what is seen and of what may come next', () => {
    const { wordOf } = countingLanguage(2);
    const [x, y, weights] = batchOf([wordOf(1), wordOf(2)]);
    expect(x.shape).toEqual([2, 5, 3]);
    expect(Array.from(x.data.subarray(0, 9))).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(Array.from(y.data.subarray(0, 9))).toEqual([1, 0, 0, 1, 1, 0, 0, 0, 1]);
    expect(Array.from(weights.data)).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 1, 1]);
  });
});

describe('a Markov model', () => {
  it('of order 5 counts as far as it sees', () => {
    const language = countingLanguage(8);
    const markov = markovModel(language.train(0), 5);
    // The five symbols before the end of aabb are all of it and the start; those of aaabbb are within longer words, too.
    expect(judge(markov, language.test)).toEqual({ share: 2 / 24, upTo: 2 });
    expect(judge(markovModel(language.train(0), 1), language.test).upTo).toBe(0);
    expect(judge(markovModel(language.train(0), 20), language.test).upTo).toBeGreaterThan(7);
  });

  it('takes the most frequent answer, and that of a shorter context where it knows none', () => {
    const word = (symbols: number[], ...next: number[]) => ({ symbols, next, count: [] });
    const words = [word([1, 1], 1, 2, 4), word([1, 1], 1, 2, 4), word([1, 2], 1, 2, 1)];
    const answer = markovModel(words, 2);
    expect(answer(word([1, 1, 1], 0, 0, 0, 0))).toEqual([1, 2, 4, 4]);
    expect(answer(word([2, 2], 0, 0, 0))).toEqual([1, 1, 1]);
  });
});

describe('a network', () => {
  const language = countingLanguage(4);

  it.each(CELLS)('of %s learns, is judged and traced', { timeout: 60_000 }, async (cell) => {
    const { model, logs } = await learn(cell, language, {
      ...{ units: 4, stepsPerEpoch: 50, epochs: 4, learningRate: 0.03, seed: 1 },
      ...{ store: memoryStore(), resume: false, settings: {} },
    });
    expect(logs).toHaveLength(4);
    expect(logs[3].loss).toBeLessThan(0.7 * logs[0].loss);
    const answers = await answersOf(model, language.test);
    expect(answers.map(({ length }) => length)).toEqual(
      language.test.map(({ next }) => next.length),
    );
    const right = language.test.filter(({ next }, i) => next.join() === answers[i].join());
    expect((await judgeNetwork(model, language.test)).share).toBe(right.length / 12);
    const counter = await counterOf(model, language, 10);
    expect(counter.values).toHaveLength(21);
    expect(counter.correlation).toBeGreaterThan(0);
    expect(counter.unit).toBeLessThan(4);
    model.dispose();
  });
});

import { describe, expect, it } from 'vitest';
import { madeUpSentences, readCorpus } from '../../examples/slots/data.ts';
import { slotF1, slotsIn } from '../../examples/slots/f1.ts';
import { learn } from '../../examples/slots/learn.ts';
import { answersOf, scoreOf } from '../../examples/slots/tagger.ts';
import type { Kind } from '../../examples/slots/tagger.ts';
import { memoryStore } from '../../examples/store.ts';
import { setDevice } from '../../src/index.ts';
import { gpu } from '../support/devices.ts';
import type { Logs } from '../../src/index.ts';

const all = madeUpSentences(360, 2);
const [sentences, test] = [all.slice(0, 300), all.slice(300)];

async function trained(kind: Kind, options: Partial<Parameters<typeof learn>[2]> = {}, dev = test) {
  setDevice(await gpu());
  return learn(
    kind,
    { train: sentences, dev },
    {
      ...{ seed: 1, units: 16, learningRate: 0.02, epochs: 8, verbose: 0 },
      ...{ store: memoryStore(), resume: false, settings: {}, ...options },
    },
  );
}

describe('slots', () => {
  it('makes up sentences whose values may have several words', () => {
    expect(madeUpSentences(360, 2)).toEqual(all);
    const found = sentences.find(({ words }) => words.includes('York'))!;
    expect(found.tags[found.words.indexOf('York')]).toMatch(/^I-(from|to)$/);
    expect(sentences.every(({ words, tags }) => words.length === tags.length)).toBe(true);
    expect(new Set(sentences.map(({ intent }) => intent)).size).toBe(3);
  });

  it('makes up no sentence twice, so that none is both learnt and tested', async () => {
    const { train, dev, test: held } = await readCorpus();
    expect([train, dev, held].map((part) => part.length)).toEqual([600, 100, 200]);
    const texts = [...train, ...dev, ...held].map(({ words }) => words.join(' '));
    expect(new Set(texts).size).toBe(900);
  });

  it('counts slots by name, beginning and end', () => {
    expect(slotsIn(['O', 'B-to', 'I-to', 'B-to', 'I-day', 'O'])).toEqual([
      'to 1 3',
      'to 3 4',
      'day 4 5',
    ]);
    const truth = [['B-to', 'I-to', 'O', 'B-day']];
    expect(slotF1(truth, truth)).toBe(1);
    // One of two is right, and three are given: precision 1/3, recall 1/2.
    expect(slotF1(truth, [['B-to', 'B-to', 'O', 'B-day']])).toBeCloseTo(0.4);
    expect(slotF1(truth, [['O', 'O', 'O', 'O']])).toBe(0);
  });

  const pair = ['arrive', 'leave'].map((verb) => `I would like to ${verb} Atlanta on Monday`);

  it('are the same for one word in two sentences where each word is seen alone', async () => {
    const [arrive, leave] = await answersOf(await trained('feed-forward'), pair);
    expect(arrive.tags[5]).toBe(leave.tags[5]);
    expect(arrive.tags.slice(6)).toEqual(['O', 'B-day']);
  });

  it('depend on the words before where there is a memory', async () => {
    const tagger = await trained('recurrent');
    const [arrive, leave] = await answersOf(tagger, pair);
    expect(arrive.tags).toEqual(['O', 'O', 'O', 'O', 'O', 'B-to', 'O', 'B-day']);
    expect(leave.tags).toEqual(['O', 'O', 'O', 'O', 'O', 'B-from', 'O', 'B-day']);
    expect(arrive.intent).toBe('book');
    const { f1 } = await scoreOf(tagger, test);
    expect(f1).toBeGreaterThan(0.95);
  });
  it('goes on with the bits of an unbroken run', async () => {
    const expected = await trained('recurrent', { epochs: 2 });
    const store = memoryStore();
    await trained('recurrent', { epochs: 1, store });
    const resumed = await trained('recurrent', { epochs: 2, store, resume: true });
    expect(resumed.logs).toEqual(expected.logs);
    expect(await resumed.model.getWeights()).toEqual(await expected.model.getWeights());
    expect(resumed.best).toEqual(expected.best);
  });

  it('keeps the epoch that is the best by the score that is asked for', async () => {
    const best = (await trained('feed-forward', { epochs: 2 })).best;
    expect(best.epoch).toBe(1);
    const score = ({ valLoss }: Logs) => valLoss;
    const worst = (await trained('feed-forward', { epochs: 2, score })).best;
    expect(worst.epoch).toBe(0);
    expect(worst.score).toBeGreaterThan(-best.score);
  });
  it('leave tags and intents that were not learnt out of the loss, and count them as wrong', async () => {
    const [known] = test;
    const unknown = { ...known, intent: 'refund', tags: known.tags.map(() => 'B-meal') };
    const epochs = { epochs: 2 };
    const expected = (await trained('recurrent', epochs, [known])).logs[1];
    const tagger = await trained('recurrent', epochs, [known, unknown]);
    const found = tagger.logs[1];
    for (const name of ['Slots', 'Intent']) {
      expect(found[`val${name}Loss`]).toBeCloseTo(expected[`val${name}Loss`], 5);
      expect(found[`val${name}Accuracy`]).toBeCloseTo(expected[`val${name}Accuracy`] / 2, 6);
    }
    expect(expected.valIntentAccuracy).toBe(1);
    expect(await scoreOf(tagger, [unknown])).toEqual({ f1: 0, intents: 0 });
  });
});

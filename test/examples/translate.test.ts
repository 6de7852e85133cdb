import { describe, expect, it } from 'vitest';
import { decode } from '../../examples/encoder_decoder/decode.ts';
import { learn } from '../../examples/encoder_decoder/learn.ts';
import { memoryStore } from '../../examples/store.ts';
import { bleu, exactShare } from '../../examples/translate/bleu.ts';
import { readCorpus, tokensOf } from '../../examples/translate/data.ts';
import { madeUpPairs } from '../../examples/translate/grammar.ts';
import { nearestTranslations } from '../../examples/translate/nearest.ts';
import { setDevice, wasm } from '../../src/index.ts';

const words = (text: string): string[] => text.split(' ');

describe('bleu', () => {
  const reference = [words('the cat is on the mat')];

  it('is 100 for what is right, and counts a word as often as a reference has it', () => {
    expect(bleu([words('the cat is on the mat')], [reference])).toBeCloseTo(100);
    // 2 of 7 words; (0+1)/(6+1), (0+1)/(5+1), (0+1)/(4+1) of the longer ones.
    const the = bleu([words('the the the the the the the')], [reference]);
    expect(the).toBeCloseTo(100 * ((2 / 7) * (1 / 7) * (1 / 6) * (1 / 5)) ** 0.25);
  });

  it('penalises what is shorter than the closest reference', () => {
    const short = bleu([words('the cat')], [[words('the cat is here'), words('the cat is')]]);
    expect(short).toBeCloseTo(100 * Math.exp(1 - 3 / 2));
  });

  it('takes the best of several references, and counts what is exact', () => {
    const references = [[words('a dog'), words('the dog')], reference];
    const own = [words('the dog'), words('a cat')];
    expect(exactShare(own, references)).toBe(0.5);
    expect(bleu([own[0]], [references[0]])).toBeCloseTo(100);
  });
});

describe('translate', () => {
  it('makes up sentences that agree, none twice', () => {
    const pairs = madeUpPairs(400, 3);
    expect(new Set(pairs.map(({ source }) => source.join(' '))).size).toBe(400);
    const french = pairs.map(
      ({ source, targets: [target] }) => [source, target.join(' ')] as const,
    );
    for (const [source, target] of french) {
      if (source.includes('houses')) expect(target).toMatch(/maisons/);
      if (target.includes('maisons noir')) expect(target).toMatch(/maisons noires/);
      if (source.includes('not')) expect(target).toMatch(/\bne\b.*\bpas\b/);
      expect(target).not.toMatch(/undefined|que il|des (petit|grand|joli|mauvais)/);
    }
  });

  it('keeps training, watched and tested sentences apart', async () => {
    const { train, dev, test } = await readCorpus();
    expect([train.length, dev.length, test.length]).toEqual([3000, 100, 200]);
    const all = [...train, ...dev, ...test].map(({ source }) => source.join(' '));
    expect(new Set(all).size).toBe(all.length);
  });

  it('cuts texts into words and signs', () => {
    expect(tokensOf('Qu’est-ce que c’est\u202f?')).toEqual([
      "qu'",
      'est',
      '-',
      'ce',
      'que',
      "c'",
      'est',
      '?',
    ]);
    expect(tokensOf("I'm OK, Tom!")).toEqual(["i'", 'm', 'ok', ',', 'tom', '!']);
  });

  it('finds the nearest sentence', () => {
    const train = [
      { source: words('i see a dog'), targets: [words('je vois un chien')] },
      { source: words('you see the cat'), targets: [words('vous voyez le chat')] },
    ];
    expect(nearestTranslations(train, [words('i see the dog')])).toEqual([
      words('je vois un chien'),
    ]);
  });

  it('learns to say numbers in another order, with attention', async () => {
    setDevice(await wasm());
    const pairs = Array.from({ length: 300 }, (_, i) => {
      const source = Array.from({ length: 3 + (i % 3) }, (_, k) => String((i * 7 + k * k * 3) % 8));
      return { source, targets: [[...source].reverse().map((digit) => `n${digit}`)] };
    });
    const [train, dev] = [pairs.slice(0, 260), pairs.slice(260)];
    const plan = {
      ...{ units: 32, features: 16, dropout: 0, batchSize: 16, learningRate: 0.02, seed: 1 },
      ...{ attention: true, epochs: 12, verbose: 0 as const },
    };
    const learnt = await learn({ train, dev }, plan, {
      ...{ store: memoryStore(), resume: false, settings: {} },
    });
    const sources = dev.map(({ source }) => source);
    const found = await decode(learnt, sources, { beams: 2, longest: 8 });
    expect(exactShare(found, dev.map(({ targets }) => targets))).toBeGreaterThan(0.8); // prettier-ignore
  });
});

import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../examples/spell/data.ts';
import { letterByLetter } from '../../examples/spell/letters.ts';
import { madeUpWords, pronounce } from '../../examples/spell/rules.ts';
import { errorsOf } from '../../examples/spell/score.ts';

describe('spell', () => {
  it.each([
    ['knight', 'N AY T'],
    ['race', 'R EY S'],
    ['back', 'B AE K'],
    ['letter', 'L EH T ER'],
    ['queen', 'K W IY N'],
    ['yes', 'Y EH S'],
    ['happy', 'HH AE P IY'],
    ['nation', 'N AE SH AH N'],
    ['gem', 'JH EH M'],
    ['box', 'B AA K S'],
    ['sing', 'S IH NG'],
    ['finger', 'F IH N JH ER'],
    ['nose', 'N OW Z'],
    ['match', 'M AE CH'],
  ])('says %s by its rules', (word, phonemes) => {
    expect(pronounce(word).join(' ')).toBe(phonemes);
  });

  it('makes up words that all have a sound', async () => {
    const words = madeUpWords(500, 2);
    expect(new Set(words).size).toBe(500);
    expect(words.every((word) => pronounce(word).length > 0)).toBe(true);
    expect(() => pronounce('Å')).toThrow(/expected small letters from a to z/);
    const { train, dev, test } = await readCorpus();
    expect([train, dev, test].map(({ length }) => length)).toEqual([4000, 100, 300]);
  });

  it('gives each letter its most frequent sound, found by alignment', () => {
    const pair = (word: string, phonemes: string) => ({
      source: [...word],
      targets: [phonemes.split(' ')],
    });
    const train = [
      pair('tab', 'T AE B'),
      pair('bat', 'B AE T'),
      pair('babe', 'B EY B'),
      pair('bate', 'B EY T'),
      pair('tabe', 'T EY B'),
      pair('abat', 'AE B AE T'),
    ];
    const say = letterByLetter(train);
    expect(say([...'bata'])).toEqual(['B', 'AE', 'T', 'AE']);
    // A silent letter, and one that never came.
    expect(say([...'tez'])).toEqual(['T']);
  });

  it('counts errors against the best pronunciation', () => {
    const right = [[['A', 'B'], ['A', 'C', 'D']], [['E']]]; // prettier-ignore
    const { phonemes, words } = errorsOf([['A', 'C'], ['E']], right);
    // One of two, or one of three: the first that is best counts.
    expect(phonemes).toBeCloseTo(1 / 3);
    expect(words).toBe(0.5);
  });
});

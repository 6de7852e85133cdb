/** Tokenizer by the rules of Keras', with values worked out by hand. */
import { describe, expect, it } from 'vitest';
import { Tokenizer, textToWordSequence } from '../../src/text/index.ts';
import type { TokenizerOptions } from '../../src/text/index.ts';

const TEXTS = ['The cat sat on the mat.', 'The dog ate my homework.'];

function fitted(options: TokenizerOptions = {}, texts: (string | string[])[] = TEXTS) {
  const tokenizer = new Tokenizer(options);
  tokenizer.fitOnTexts(texts);
  return tokenizer;
}

describe('textToWordSequence', () => {
  it.each<[string, object, string[]]>([
    ["I'm here, you?", {}, ["i'm", 'here', 'you']],
    ['a\tb\nc-d_e', {}, ['a', 'b', 'c', 'd', 'e']],
    ['A-B C', { lower: false, filters: '' }, ['A-B', 'C']],
    ['a]b^c\\d', { filters: ']^\\' }, ['a', 'b', 'c', 'd']],
    ['a,b;;c', { split: ';', filters: ',' }, ['a', 'b', 'c']],
    // Lowered as Python does; a no-break space is part of a word.
    ['ÉCOLE a\u00a0b', {}, ['école', 'a\u00a0b']],
  ])('%j %j', (text, options, words) => {
    expect(textToWordSequence(text, options)).toEqual(words);
  });

  it('needs something between words', () => {
    expect(() => textToWordSequence('a', { split: '' })).toThrow(/split: expected what is between/);
  });
});

describe('Tokenizer', () => {
  it('numbers words by frequency, then in the order of the texts', () => {
    const tokenizer = fitted();
    expect([...tokenizer.wordIndex]).toEqual([
      ['the', 1],
      ['cat', 2],
      ['sat', 3],
      ['on', 4],
      ['mat', 5],
      ['dog', 6],
      ['ate', 7],
      ['my', 8],
      ['homework', 9],
    ]);
    expect(tokenizer.wordCounts.get('the')).toBe(3);
    expect(tokenizer.wordDocs.get('the')).toBe(2);
    expect(tokenizer.documentCount).toBe(2);
    tokenizer.fitOnTexts(['my my my my']);
    expect(tokenizer.wordIndex.get('my')).toBe(1);
  });

  it('turns texts into sequences and back', () => {
    const tokenizer = fitted();
    const sequences = tokenizer.textsToSequences(['The bird ate the cat', '', ['My', 'DOG']]);
    expect(sequences).toEqual([[1, 7, 1, 2], [], [8, 6]]);
    expect(tokenizer.sequencesToTexts(sequences)).toEqual(['the ate the cat', '', 'my dog']);
    expect(tokenizer.sequencesToTexts([[1, 0, 99]])).toEqual(['the']);
  });

  it('leaves words from numWords on out, or makes them the oovToken', () => {
    expect(fitted({ numWords: 3 }).textsToSequences(['the cat sat on'])).toEqual([[1, 2]]);
    const unknown = fitted({ numWords: 3, oovToken: '<OOV>' });
    expect(unknown.wordIndex.get('<OOV>')).toBe(1);
    expect(unknown.wordIndex.size).toBe(10);
    expect(unknown.textsToSequences(['the cat bird'])).toEqual([[2, 1, 1]]);
    expect(unknown.sequencesToTexts([[2, 3, 1, 0]])).toEqual(['the <OOV> <OOV> <OOV>']);
  });

  it('keeps words apart from what objects have', () => {
    const tokenizer = fitted({}, ['constructor toString constructor']);
    expect(tokenizer.textsToSequences(['constructor valueOf tostring'])).toEqual([[1, 2]]);
  });

  it('goes by characters, or by an analyzer', () => {
    const letters = fitted({ charLevel: true }, ['Ab!', 'b\u{1f600}']);
    expect([...letters.wordIndex.keys()]).toEqual(['b', 'a', '!', '\u{1f600}']);
    const analyzer = (text: string) => text.split('|');
    expect(fitted({ analyzer }, ['A|b|A']).textsToSequences(['b|A'])).toEqual([[2, 1]]);
  });

  it('makes matrices in four modes', () => {
    const tokenizer = fitted({ numWords: 4 });
    const texts = ['the cat the dog', ''];
    const row = (mode: any) => [...tokenizer.textsToMatrix(texts, mode).data];
    // dog is beyond numWords, so that three words are left.
    expect(row('binary')).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
    expect(row('count')).toEqual([0, 2, 1, 0, 0, 0, 0, 0]);
    expect(row('freq')).toEqual([0, Math.fround(2 / 3), Math.fround(1 / 3), 0, 0, 0, 0, 0]);
    // Two texts; `the` in both, `cat` in one: (1 + log 2) log(1 + 2/3) and log 2.
    const tfidf = row('tfidf');
    expect(tfidf[1]).toBeCloseTo(1.693147 * 0.510826, 5);
    expect(tfidf[2]).toBeCloseTo(0.693147, 5);
    expect(fitted().textsToMatrix(texts).shape).toEqual([2, 10]);
  });

  it('counts no number beyond the columns, but in the length of the text', () => {
    const tokenizer = fitted({ numWords: 4 });
    const rows = (mode: any) => [...tokenizer.sequencesToMatrix([[1, 4, 1, 9, 2], [1]], mode).data];
    expect(rows('count')).toEqual([0, 2, 1, 0, 0, 1, 0, 0]);
    expect(rows('freq')).toEqual([0, Math.fround(2 / 5), Math.fround(1 / 5), 0, 0, 1, 0, 0]);
  });

  it('has an oovToken that the texts have too once', () => {
    const tokenizer = fitted({ oovToken: 'cat' });
    expect([...tokenizer.wordIndex].slice(0, 3)).toEqual([
      ['cat', 1],
      ['the', 2],
      ['sat', 3],
    ]);
    expect(tokenizer.wordIndex.size).toBe(9);
    expect(tokenizer.textsToSequences(['the cat, the zebra'])).toEqual([[2, 1, 2, 1]]);
  });

  it('weighs sequences without texts', () => {
    const tokenizer = new Tokenizer({ numWords: 3 });
    tokenizer.fitOnSequences([[1, 1, 2], [2]]);
    const { data } = tokenizer.sequencesToMatrix([[1, 2]], 'tfidf');
    expect(data[1]).toBeCloseTo(Math.log(2), 6);
    expect(data[2]).toBeCloseTo(Math.log(1 + 2 / 3), 6);
  });

  it('is kept as JSON', () => {
    const tokenizer = fitted({ numWords: 5, oovToken: '?' }, [...TEXTS, '7 3 7 10']);
    const restored = Tokenizer.fromConfig(JSON.parse(JSON.stringify(tokenizer.getConfig())));
    expect([...restored.wordIndex]).toEqual([...tokenizer.wordIndex]);
    const texts = ['the 7 zebra'];
    expect(restored.textsToMatrix(texts, 'tfidf')).toEqual(tokenizer.textsToMatrix(texts, 'tfidf'));
    restored.fitOnTexts(['zebra']);
    expect(restored.documentCount).toBe(4);
  });

  it('takes no string for a list of texts', () => {
    const tokenizer = fitted();
    const message = /expected a list of texts, got '[^']*'; give a list, \[text\]/;
    expect(() => tokenizer.fitOnTexts('the cat')).toThrow(message);
    expect(() => tokenizer.textsToSequences('the cat')).toThrow(message);
    expect(() => tokenizer.textsToMatrix('the cat')).toThrow(message);
    expect(() => tokenizer.textsToSequences(undefined as any)).toThrow(/texts, got undefined/);
  });

  it('takes sequences of whole numbers from 0 alone', () => {
    const tokenizer = fitted();
    // -1 would count in the row before.
    expect(() => tokenizer.sequencesToMatrix([[1], [-1]])).toThrow(
      /sequence 1: id: expected a whole number of at least 0, got -1/,
    );
    for (const id of [0.5, NaN, '1'] as any[]) {
      expect(() => tokenizer.sequencesToMatrix([[id]])).toThrow(/expected a whole number/);
      expect(() => tokenizer.sequencesToTexts([[id]])).toThrow(/expected a whole number/);
      expect(() => tokenizer.fitOnSequences([[id]])).toThrow(/expected a whole number/);
    }
    expect(() => tokenizer.sequencesToMatrix([1, 2] as any)).toThrow(/list of ids, got \d/);
    expect(() => tokenizer.sequencesToMatrix(3 as any)).toThrow(/list of sequences, got \d/);
    expect(() => tokenizer.sequencesToTexts([1, 2] as any)).toThrow(/list of ids, got \d/);
    expect(() => tokenizer.fitOnSequences([1, 2] as any)).toThrow(/list of ids, got \d/);
    expect(tokenizer.documentCount).toBe(2);
  });

  it('says what is wrong', () => {
    expect(() => new Tokenizer({ numWords: 0 })).toThrow(/numWords to be a positive whole number/);
    expect(() => new Tokenizer().fitOnTexts('text')).toThrow(/got '[^']*'; give a list/);
    expect(() => new Tokenizer().fitOnTexts([7] as any)).toThrow(/expected a string, got \d/);
    expect(() => new Tokenizer().textsToMatrix(['a'])).toThrow(/fitOnTexts first/);
    expect(() => new Tokenizer({ numWords: 3 }).sequencesToMatrix([[1]], 'tfidf')).toThrow(/fitOn/);
    expect(() => fitted().textsToMatrix(['a'], 'tf' as any)).toThrow(/mode: expected one of 'bin/);
  });
});

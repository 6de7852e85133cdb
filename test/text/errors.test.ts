/** What is no text, list or number is refused by name, wherever it comes in. */
import { expect, it } from 'vitest';
import * as text from '../../src/text/index.ts';

const vectorize = (options: any) => () =>
  new text.TextVectorization({ vocabulary: ['a'], ...options }).vectorize(['a b']);
const any: any = undefined;

it.each<[string, () => unknown, RegExp]>([
  [
    'a number among words',
    () => new text.Tokenizer().fitOnTexts([['a', 3]] as any),
    /Tokenizer: word: expected a string, got \d/,
  ],
  [
    'an analyzer without a result',
    () => new text.Tokenizer({ analyzer: () => any }).fitOnTexts(['a']),
    /result of analyzer: expected a list of words, got undefined/,
  ],
  ['a string to pad', () => text.padSequences('abc' as any), /list of sequences, got '[^']*'/],
  ['a string of subwords', () => new text.SubwordEncoder('abc' as any), /list of words, got 'abc'/],
  ['a text for tokens', () => text.ngrams('the cat' as any, 2), /list of tokens, got '[^']*'/],
  ['a width as text', () => text.ngrams(['a'], '2' as any), /whole number of at least 1, got '2'/],
  ['no text', () => text.characterNGrams(any, 2), /expected a string, got undefined/],
  ['no word', () => text.letterNGrams(any), /letterNGrams: expected a string, got undefined/],
  ['a string to hash', () => text.wordHashing('abc' as any), /list of words, got '[^']*'/],
  ['no text to hash', () => text.hashingTrick(any, 9), /expected a string, got undefined/],
  ['split: null', vectorize({ split: () => null }), /split: expected a list of words, got null/],
  [
    'split: a string',
    vectorize({ split: () => 'a b' }),
    /split: expected a list of words, got 'a b'/,
  ],
  ['split: numbers', vectorize({ split: () => [1, 2] }), /split: word: expected a string, got 1/],
  [
    'standardize: nothing',
    vectorize({ standardize() {} }),
    /standardize: expected a string, got u/,
  ],
  ['a file name', vectorize({ vocabulary: 'vocab.txt' }), /vocabulary: .* words, got '[^']*'/],
  ['ngrams: text', vectorize({ ngrams: '2' }), /ngrams: expected a whole number .* got '2'/],
])('%s', (_, call, message) => {
  expect(call).toThrow(message);
});

it('no corpus', async () => {
  await expect(new text.TextVectorization().adapt(any)).rejects.toThrow(
    /TextVectorization.adapt: expected a list of texts, got undefined/,
  );
});

/** N-grams, bags of them, and padding, by hand and as Keras and TensorFlow document them. */
import { describe, expect, it } from 'vitest';
import { bagOfNGrams, characterNGrams, ngrams, padSequences } from '../../src/text/index.ts';

describe('n-grams', () => {
  it('are runs of neighbours', () => {
    expect(ngrams(['A', 'B', 'C', 'D'], 2)).toEqual(['A B', 'B C', 'C D']);
    expect(ngrams(['TF', 'and', 'keras'], 1)).toEqual(['TF', 'and', 'keras']);
    expect(ngrams(['a', 'b', 'c'], [2, 1], '_')).toEqual(['a_b', 'b_c', 'a', 'b', 'c']);
    expect(ngrams(['a', 'b'], 3)).toEqual([]);
  });

  it('of characters go by code points', () => {
    expect(characterNGrams('cats', 3)).toEqual(['cat', 'ats']);
    expect(characterNGrams('a\u{1f600}b', 2)).toEqual(['a\u{1f600}', '\u{1f600}b']);
  });

  it('in a bag are counted', () => {
    const bag = bagOfNGrams('the cat the cat sat'.split(' '), 2);
    expect([...bag]).toEqual([
      ['the', 2],
      ['cat', 2],
      ['sat', 1],
      ['the cat', 2],
      ['cat the', 1],
      ['cat sat', 1],
    ]);
    expect([...bagOfNGrams(['a', 'b', 'c'], [3]).keys()]).toEqual(['a b c']);
  });

  it('have a width', () => {
    expect(() => ngrams(['a'], 0)).toThrow(/width: expected a whole number of at least 1, got 0/);
    expect(() => ngrams(['a'], [])).toThrow(/at least one width/);
    expect(() => bagOfNGrams(['a'], 1.5)).toThrow(/bagOfNGrams: expected a whole number/);
  });
});

describe('padSequences', () => {
  const sequence = [[1], [2, 3], [4, 5, 6]];

  it('gives what Keras documents', () => {
    const { data, shape } = padSequences(sequence);
    expect(data).toBeInstanceOf(Int32Array);
    expect(shape).toEqual([3, 3]);
    expect([...data]).toEqual([0, 0, 1, 0, 2, 3, 4, 5, 6]);
    expect([...padSequences(sequence, { value: -1 }).data]).toEqual([-1, -1, 1, -1, 2, 3, 4, 5, 6]);
    expect([...padSequences(sequence, { padding: 'post' }).data]).toEqual([
      1, 0, 0, 2, 3, 0, 4, 5, 6,
    ]);
    expect([...padSequences(sequence, { maxlen: 2 }).data]).toEqual([0, 1, 2, 3, 5, 6]);
  });

  it('cuts behind if asked', () => {
    const { data } = padSequences(sequence, { maxlen: 2, truncating: 'post' });
    expect([...data]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes floats, typed arrays, empty sequences and vectors', () => {
    const floats = padSequences([[0.5], []], { dtype: 'float32', value: 0.25 });
    expect(floats.data).toBeInstanceOf(Float32Array);
    expect([...floats.data]).toEqual([0.5, 0.25]);
    expect([...padSequences([Int32Array.of(1, 2), [3]]).data]).toEqual([1, 2, 0, 3]);
    const vectors = padSequences([
      [[1, 2]],
      [
        [3, 4],
        [5, 6],
      ],
    ]);
    expect(vectors.shape).toEqual([2, 2, 2]);
    expect([...vectors.data]).toEqual([0, 0, 1, 2, 3, 4, 5, 6]);
    expect(padSequences([]).shape).toEqual([0, 0]);
  });

  it('says what is wrong', () => {
    expect(() => padSequences([[0.5]])).toThrow(/got 0.5 in sequence 0; give dtype: 'float32'/);
    expect(() => padSequences([[1], 3] as any)).toThrow(/lists of numbers, got \d at 1/);
    expect(() => padSequences([['a']] as any)).toThrow(/got 'a' in sequence 0/);
    expect(() => padSequences([[1]], { padding: 'left' as any })).toThrow(/one of 'pre', 'post'/);
    expect(() => padSequences([[1]], { maxlen: -1 })).toThrow(/maxlen: expected a whole number/);
    expect(() => padSequences([[[1, 2]], [[3]]])).toThrow(/vectors of 2 numbers.* got 1 numbers/);
  });
});

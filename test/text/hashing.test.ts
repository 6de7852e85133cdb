/** One-hot vectors, hashes and letter n-grams. Hashed numbers are those of Python's hashlib. */
import { describe, expect, it } from 'vitest';
import {
  hashCollisions,
  hashingTrick,
  letterNGrams,
  oneHot,
  oneHotHashing,
  wordHashing,
} from '../../src/text/index.ts';
import { md5 } from '../../src/text/md5.ts';

const hex = (bytes: Uint8Array) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
const ones = (data: Float32Array) => [...data].flatMap((value, k) => (value === 0 ? [] : [k]));

describe('oneHot', () => {
  it('has a last dimension for other words', () => {
    const { data, shape } = oneHot(['cat', 'cow', 'apple'], ['apple', 'bag', 'cat']);
    expect([...data]).toEqual([0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0]);
    expect(shape).toEqual([3, 4]);
  });

  it('may do without', () => {
    expect([...oneHot(['b'], ['a', 'b'], { other: false }).data]).toEqual([0, 1]);
    expect(() => oneHot(['c'], ['a', 'b'], { other: false })).toThrow(
      /got 'c' at 0; give \{ other/,
    );
    expect(() => oneHot(['a'], ['a', 'b', 'a'])).toThrow(/got 'a' twice/);
  });
});

describe('md5', () => {
  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
    ['é', '66ddcd97cfdeabb2f6fb8a999b4bc76f'],
    ['a'.repeat(55), 'ef1772b6dff9a122358552954ad0df65'],
    ['a'.repeat(56), '3b0c8ac703f828b04c6c197006d17218'],
    ['a'.repeat(64), '014842d480b571495a4a0363793f7367'],
  ])('of %j', (text, hash) => {
    expect(hex(md5(text))).toBe(hash);
  });
});

describe('the hashing trick', () => {
  it('gives the numbers of MD5, as Keras does with it', () => {
    expect(hashingTrick('The cat sat on the mat.', 10)).toEqual([6, 3, 1, 1, 6, 8]);
    expect(hashingTrick('the cat sat', 1000)).toEqual([132, 759, 622]);
    expect(hashingTrick('é', 100)).toEqual([47]);
  });

  it('is exact, and refuses to be where it could not', () => {
    // 0x900150983cd24fb0d6963f7d28e17f72 mod (2^45 - 1), plus 1.
    expect(hashingTrick('abc', 2 ** 45)).toEqual([6818910460468]);
    const message = /expected a whole number of at least [12] and at most 35184372088832, got 3/;
    for (const call of [hashingTrick, oneHotHashing])
      expect(() => call('abc', 2 ** 45 + 1)).toThrow(message);
    expect(() => hashCollisions(['abc'], 2 ** 45 + 1)).toThrow(message);
  });

  it('takes another hash and another analyzer', () => {
    const options = {
      hash: (word: string) => word.length - 3,
      analyzer: (s: string) => s.split('/'),
    };
    expect(hashingTrick('a/abc/abcd', 5, options)).toEqual([3, 1, 2]);
    expect(() => hashingTrick('a', 5, { hash: () => 0.5 })).toThrow(
      /whole number for 'a', got 0.5/,
    );
    expect(() => hashingTrick('a', 1)).toThrow(/n: expected a whole number of at least 2/);
  });

  it('counts collisions', () => {
    // Modulo 5 plus 1, the letters a to f get 3 4 4 4 2 5.
    expect(hashCollisions([...'abcdefaa'], 6)).toEqual({ words: 6, indices: 4, collisions: 2 });
    expect(() => hashCollisions('abc', 6)).toThrow(/list of words, got '[^']*'; give a list, \[/);
  });

  it('makes one-hot vectors', () => {
    const { data, shape, ...counted } = oneHotHashing('the cat, the sat', 4);
    expect(ones(data)).toEqual([3, 4, 11, 12]);
    expect(shape).toEqual([4, 4]);
    expect(counted).toEqual({ words: 3, indices: 2, collisions: 1 });
  });
});

describe('letter n-grams', () => {
  it('have marks at both ends', () => {
    expect(letterNGrams('good')).toEqual(['#go', 'goo', 'ood', 'od#']);
    expect(letterNGrams('apple', 3, '')).toEqual(['app', 'ppl', 'ple']);
    expect(letterNGrams('a', 2)).toEqual(['#a', 'a#']);
  });

  it('have a dimension each', () => {
    const plain = wordHashing(['apple'], { boundary: '' });
    expect(plain.shape).toEqual([1, 26 ** 3]);
    // app = (0 · 26 + 15) · 26 + 15, ple = (15 · 26 + 11) · 26 + 4, ppl = (15 · 26 + 15) · 26 + 11.
    expect(ones(plain.data)).toEqual([405, 10430, 10541]);
    const marked = wordHashing(['b', 'aaaa', 'né'], { n: 2, alphabet: 'ab' });
    expect(marked.shape).toEqual([3, 9]);
    expect([...marked.data.slice(0, 9)]).toEqual([0, 0, 0, 0, 0, 1, 0, 1, 0]);
    expect([...marked.data.slice(9, 18)]).toEqual([3, 0, 1, 0, 0, 0, 1, 0, 0]);
    expect(marked.skipped).toBe(3);
  });
});

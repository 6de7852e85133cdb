/** Word vectors: files of made-up words, and what is computed from them. */
import { describe, expect, it } from 'vitest';
import { readWordVectors, WordVectors } from '../../src/vectors/index.ts';
import { gzip, pieces, utf8 } from '../data/support.ts';

const inBrowser = typeof document !== 'undefined';
const nowhere = (): void => undefined;
const serverOnly = inBrowser ? nowhere : it;

const glove = 'the 0.5 -1 2e-3\n, 1 2 3\nNew York 4 5 6\nä\u00a0b 7 8 9\n';
const words = ['the', ',', 'New York', 'ä\u00a0b'];
const matrix = Float32Array.of(0.5, -1, 2e-3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
const from = (text: string) => pieces(utf8(text), 5);

describe('readWordVectors', () => {
  it("reads GloVe's format and word2vec's, gzipped or not", async () => {
    const plain = await readWordVectors(from(glove));
    expect(plain.dimension).toBe(3);
    expect(plain.words).toEqual(words);
    expect(plain.matrix).toEqual(matrix);
    expect(plain.index.get(',')).toBe(1);
    const packed = new Blob([await gzip(utf8(glove))]);
    expect((await readWordVectors(packed)).matrix).toEqual(matrix);
    // word2vec ends its lines with a space.
    const word2vec = `4 3\n${glove.replaceAll('\n', ' \n')}`;
    const found = await readWordVectors(from(word2vec));
    expect([found.words, found.matrix]).toEqual([words, matrix]);
    // Numbers alone are a vector where they are not two whole ones.
    expect((await readWordVectors(from('7 0.5\n'))).words).toEqual(['7']);
  });

  it('ends at a limit, keeps the words asked for, and the first of two', async () => {
    const limited = await readWordVectors(from(`${glove}bad\n`), { limit: 2 });
    expect([limited.words, limited.matrix]).toEqual([words.slice(0, 2), matrix.slice(0, 6)]);
    const some = await readWordVectors(from(`${glove}bad\n`), { words: [',', 'New York'] });
    expect([some.words, some.matrix]).toEqual([[',', 'New York'], matrix.slice(3, 9)]);
    const none = await readWordVectors(from(glove), { words: ['a', ','], limit: 1 });
    expect(none.words).toEqual([]);
    const twice = await readWordVectors(from('a 1\nb 2\na 3\n'));
    expect([twice.words, twice.matrix]).toEqual([['a', 'b'], Float32Array.of(1, 2)]);
  });

  it('takes words with spaces, but no numbers in them: those are of a row that has too many', async () => {
    const spaced = ['. . .', 'at name@domain.com', '- 1st'];
    const lines = spaced.map((word, i) => `${word} ${i} 1 2\n`);
    const found = await readWordVectors(from(`the 4 5 6\n${lines.join('')}`));
    expect(found.words).toEqual(['the', ...spaced]);
    const fails = (text: string, surplus: string) =>
      expect(readWordVectors(from(text), { name: 'v.txt' })).rejects.toThrow(
        `v.txt, line 2: expected 3 numbers after the word, got more: '${surplus}' is before them`,
      );
    await fails('king 1 2 3\nqueen 0.5 4 5 6\n', '0.5');
    await fails('king 1 2 3\nqueen 4 5 6man 7 8 9\n', '4');
    await fails('king 1 2 3\nqueen 4 5 6 man 7 8 9\n', '4');
    const odd = new WordVectors(['Route 66'], 1, Float32Array.of(1));
    expect(() => odd.toText()).toThrow(/words that can stand in a line, got "Route 66"/);
  });

  it('takes more vectors than it had room for', async () => {
    const count = 3000;
    const lines = Array.from({ length: count }, (_, i) => `w${i} ${i} ${-i}`);
    const { words, matrix } = await readWordVectors(from(lines.join('\n')));
    expect(words).toHaveLength(count);
    expect(matrix).toHaveLength(2 * count);
    expect([words[2999], matrix[5998], matrix[5999]]).toEqual(['w2999', 2999, -2999]);
  });

  it('names file and line of what is wrong', async () => {
    const fails = (text: string, message: RegExp) =>
      expect(readWordVectors(from(text), { name: 'v.txt' })).rejects.toThrow(message);
    await fails('a 1 2\n\nb 3\n', /^v\.txt, line 3: expected 2 numbers after the word, got 1$/);
    await fails('a 1 2\nb 3 x\n', /^v\.txt, line 2: expected 2 numbers .*, got 'x' as number 2$/);
    await fails('a 1 2\nb 3 1e39\n', /line 2: expected 2 numbers .*, got '1e39' as number 2$/);
    await fails('a 1 2\nb  3\n', /^v\.txt, line 2: expected 2 numbers .*, got '' as number 1$/);
    await fails('<html>\n', /^v\.txt, line 1: expected a word and its numbers, got '<html>'$/);
    await fails(
      '3 2\na 1 2\nb 3 4\n',
      /^v\.txt, line 3: expected 3 vectors, .* got 2: the file is/,
    );
    await fails('', /^v\.txt: expected word vectors, got an empty file$/);
    await expect(readWordVectors(from(glove), { limit: 0 })).rejects.toThrow(
      /limit to be a positive whole number, got 0/,
    );
    await expect(readWordVectors(from(glove), { limit: 1.5 })).rejects.toThrow(
      /limit to be a positive whole number, got 1.5/,
    );
    await fails('3 1\na 1\n\n\nb 3\n', /^v\.txt, line 5: expected 3 vectors, .* got 2/);
    await fails(
      '400000 100000000\na 1\n',
      /line 2: expected 100000000 numbers after the word, got 1/,
    );
  });
});

describe('WordVectors', () => {
  // Two axes, royal and female, and a third that sets apart.
  const table: Record<string, number[]> = {
    king: [4, 0, 1],
    queen: [4, 4, 1],
    man: [0, 0, 2],
    woman: [0, 4, 2],
    duke: [3, 0, 2],
    apple: [-5, -5, -5],
    nothing: [0, 0, 0],
  };
  const vectors = new WordVectors(
    Object.keys(table),
    3,
    Float32Array.from(Object.values(table).flat()),
  );

  it('gives vectors, similarities and neighbours by cosine', () => {
    expect(vectors.vector('queen')).toEqual(Float32Array.of(4, 4, 1));
    // king · duke = 14, lengths √17 and √13.
    expect(vectors.similarity('king', 'duke')).toBeCloseTo(14 / Math.sqrt(17 * 13), 6);
    const near = vectors.nearest('king', 3);
    // To king: duke 0.94; queen 17 / √(17 · 33) = 0.72; man 2 / (√17 · 2) = 0.24.
    expect(near.map(({ word }) => word)).toEqual(['duke', 'queen', 'man']);
    expect(near[1].similarity).toBeCloseTo(Math.sqrt(17 / 33), 6);
    expect(vectors.nearest('king', 100)).toHaveLength(6);
    expect(vectors.nearest('king', 100).at(-1)!.word).toBe('apple');
    expect(vectors.nearest('nothing', 1)[0].similarity).toBe(0);
  });

  it('solves analogies, leaving out the words asked about', () => {
    expect(vectors.analogy('man', 'king', 'woman').map(({ word }) => word)).toEqual(['queen']);
    const all = vectors.analogy('man', 'king', 'woman', 100).map(({ word }) => word);
    expect([...all].sort()).toEqual(['apple', 'duke', 'nothing', 'queen']);
    // Lengths do not count: at length 1 the sum is (1, 0), as they are (10, -9), which is the other.
    const long = new WordVectors(
      ['a', 'b', 'c', 'right', 'wrong'],
      2,
      Float32Array.of(0, 10, 10, 0, 0, 1, 1, 0.1, 10, -9),
    );
    expect(long.analogy('a', 'b', 'c')[0].word).toBe('right');
  });

  it('projects to the plane of greatest variance, the farthest word on the positive side', () => {
    // Along (3, 4, 0) / 5 at -2, -1, 3, and along (0, 0, 1) at 0.8, -1, 0.2: uncorrelated.
    const flat = new WordVectors(
      ['a', 'b', 'c'],
      3,
      Float32Array.of(-1.2, -1.6, 0.8, -0.6, -0.8, -1, 1.8, 2.4, 0.2),
    );
    const close = (points: readonly { x: number; y: number }[], expected: number[][]): void =>
      points.forEach(({ x, y }, i) => {
        expect(x).toBeCloseTo(expected[i][0], 5);
        expect(y).toBeCloseTo(expected[i][1], 5);
      });
    const points = flat.project(['a', 'b', 'c']);
    expect(points.map(({ word }) => word)).toEqual(['a', 'b', 'c']);
    const [a, b, c] = [
      [-2, -0.8],
      [-1, 1],
      [3, -0.2],
    ];
    close(points, [a, b, c]);
    // The same plane where there are more words than dimensions.
    close(flat.project(['a', 'b', 'c', 'c', 'b', 'a']), [a, b, c, c, b, a]);
    expect(flat.project(['a', 'a'])).toEqual([
      { word: 'a', x: 0, y: 0 },
      { word: 'a', x: 0, y: 0 },
    ]);
    expect(() => flat.project(['a'])).toThrow(/two words or more, got 1/);
  });

  it('makes the weights of an Embedding', () => {
    const found = vectors.embeddingMatrix(['', '[UNK]', 'king', 'pear', 'man']);
    expect(found).toEqual({
      data: Float32Array.of(0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0, 0, 0, 2),
      shape: [5, 3],
      missing: ['pear'],
    });
    const byWord = vectors.embeddingMatrix({ man: 2, pear: 1 });
    expect(byWord).toEqual({
      data: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 2),
      shape: [3, 3],
      missing: ['pear'],
    });
    expect(() => vectors.embeddingMatrix({ man: -1 })).toThrow(
      /ids of at least 0, got -1 for 'man'/,
    );
  });

  it('writes text that gives the same bits when read', async () => {
    const odd = new WordVectors(
      ['x', 'New York'],
      4,
      Float32Array.of(0.1, 1 / 3, -1.5e-7, 2, -1e-42, 16777217, 3.4028234e38, -0.5),
    );
    expect(odd.toText({ header: false }).split('\n')[0]).toBe('x 0.1 0.33333334 -1.5e-7 2');
    expect(odd.toText().split('\n')[0]).toBe('2 4');
    for (const header of [true, false]) {
      const back = await readWordVectors(from(odd.toText({ header })));
      expect([back.words, back.matrix]).toEqual([odd.words, odd.matrix]);
    }
    const none = await readWordVectors(from(new WordVectors([], 3, new Float32Array(0)).toText()));
    expect([none.words, none.dimension]).toEqual([[], 3]);
    expect(() => new WordVectors([''], 1, Float32Array.of(1)).toText()).toThrow(/got ""/);
    if (inBrowser) await expect(odd.save('x')).rejects.toThrow(/no file system here/);
  });

  it('checks what it is made of, and what it is asked', () => {
    expect(() => new WordVectors(['a'], 2, new Float32Array(3))).toThrow(/1 x 2 numbers, got 3/);
    expect(() => new WordVectors(['a', 'a'], 1, new Float32Array(2))).toThrow(/distinct words/);
    for (const bad of [NaN, -Infinity])
      expect(() => new WordVectors(['a', 'b'], 2, Float32Array.of(1, 2, 3, bad))).toThrow(
        `expected finite numbers, got ${bad} in the vector of 'b'`,
      );
    expect(() => vectors.vector('pear')).toThrow(/no vector for 'pear' among 7 words/);
    expect(() => vectors.analogy('man', 'king', 'pear')).toThrow(/no vector for 'pear'/);
    expect(() => vectors.nearest('king', 0)).toThrow(/at least 1, got 0/);
  });

  serverOnly('is saved to a file and read from it', async () => {
    const { mkdtemp, readdir, rm } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(`${tmpdir()}/gatefold-`);
    try {
      await vectors.save(`${folder}/v.txt`);
      expect(await readdir(folder)).toEqual(['v.txt']);
      const back = await readWordVectors(`${folder}/v.txt`);
      expect([back.words, back.matrix]).toEqual([vectors.words, vectors.matrix]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

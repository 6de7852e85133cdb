/** TextVectorization against the examples of Keras' documentation and values worked out by hand. */
import { describe, expect, it } from 'vitest';
import { TextVectorization } from '../../src/text/index.ts';
import type { CorpusProgress, TextVectorizationOptions } from '../../src/text/index.ts';

const TEXTS = ['foo bar', 'bar baz', 'baz bada boom'];

async function adapted(options: TextVectorizationOptions, texts = TEXTS) {
  const vectorizer = new TextVectorization(options);
  await vectorizer.adapt(texts);
  return vectorizer;
}
const values = (vectorizer: TextVectorization, texts: string[]) => {
  const { data, shape } = vectorizer.vectorize(texts);
  return { values: [...data], shape };
};

describe('TextVectorization', () => {
  it('gives what Keras documents', async () => {
    const vectorizer = await adapted({ maxTokens: 5000, outputSequenceLength: 4 });
    const { data, shape } = vectorizer.vectorize(['foo qux bar', 'qux baz']);
    expect(data).toBeInstanceOf(Int32Array);
    expect([...data]).toEqual([4, 1, 3, 0, 1, 2, 0, 0]);
    expect(shape).toEqual([2, 4]);
  });

  it('takes the vocabulary that Keras documents', () => {
    const vectorizer = new TextVectorization({ vocabulary: ['earth', 'wind', 'and', 'fire'] });
    expect(vectorizer.getVocabulary()).toEqual(['', '[UNK]', 'earth', 'wind', 'and', 'fire']);
    expect(vectorizer.getVocabulary(false)).toEqual(['earth', 'wind', 'and', 'fire']);
    expect(vectorizer.vocabularySize()).toBe(6);
    expect(values(vectorizer, ['Fire, and water!'])).toEqual({ values: [5, 4, 1], shape: [1, 3] });
  });

  it('sorts by frequency, and puts the later of equally frequent words first', async () => {
    const texts = ['b a b', 'c \u{1f600} \uffee b'];
    const vectorizer = await adapted({ standardize: null }, texts);
    // By code points an emoji comes after U+FFEE, though its first UTF-16 unit is smaller.
    expect(vectorizer.getVocabulary(false)).toEqual(['b', '\u{1f600}', '\uffee', 'c', 'a']);
  });

  it('keeps the most frequent words within maxTokens, special ones counted', async () => {
    const int = await adapted({ maxTokens: 4 });
    expect(int.getVocabulary()).toEqual(['', '[UNK]', 'baz', 'bar']);
    const count = await adapted({ maxTokens: 4, outputMode: 'count' });
    expect(count.getVocabulary()).toEqual(['[UNK]', 'baz', 'bar', 'foo']);
  });

  it('does not learn the special tokens', async () => {
    const vectorizer = await adapted({ standardize: null }, ['a [UNK] [UNK] a']);
    expect(vectorizer.getVocabulary()).toEqual(['', '[UNK]', 'a']);
    expect(values(vectorizer, ['[UNK] a']).values).toEqual([1, 2]);
  });

  it('pads to the longest text, and cuts behind', async () => {
    const free = await adapted({});
    expect(values(free, ['foo', 'bar baz foo'])).toEqual({
      values: [4, 0, 0, 3, 2, 4],
      shape: [2, 3],
    });
    const cut = await adapted({ outputSequenceLength: 2 });
    expect(values(cut, ['bar baz foo']).values).toEqual([3, 2]);
    expect(values(free, ['', '?!'])).toEqual({ values: [0, 0], shape: [2, 1] });
  });
});

describe('standardising and splitting', () => {
  const tokens = (options: TextVectorizationOptions, text: string) =>
    new TextVectorization(options).tokens(text);

  it.each<[TextVectorizationOptions, string, string[]]>([
    [{}, "It's a  DOG,\tsir\n", ['its', 'a', 'dog', 'sir']],
    [{}, '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\'x', ['x']],
    [{ standardize: 'lower' }, 'A-b C', ['a-b', 'c']],
    [{ standardize: 'stripPunctuation' }, 'A-b C', ['Ab', 'C']],
    [{ standardize: null }, 'A-b C', ['A-b', 'C']],
    [{ standardize: (text) => text.replaceAll('a', 'e') }, 'a cat', ['e', 'cet']],
    [{ split: 'character' }, 'Hi \u{1f600}!', ['h', 'i', ' ', '\u{1f600}']],
    [{ split: null }, 'Hi there', ['hi there']],
    [{ split: (text) => text.split('-'), standardize: null }, 'a-b', ['a', 'b']],
    [{ ngrams: 2 }, 'the cat sat', ['the', 'cat', 'sat', 'the cat', 'cat sat']],
    [{ ngrams: [2] }, 'the cat sat', ['the cat', 'cat sat']],
    [{ ngrams: [3, 1] }, 'the cat', ['the', 'cat']],
    // The rule is ASCII's: É is not lowered, the em dash is no punctuation, a no-break space and U+0085 no white space.
    [{}, 'École — a\u00a0b c\u0085d', ['École', '—', 'a\u00a0b', 'c\u0085d']],
    [{}, 'a\vb\fc\rd', ['a', 'b', 'c', 'd']],
  ])('%j: %j', (options, text, expected) => {
    expect(tokens(options, text)).toEqual(expected);
  });
});

describe('the other output modes', () => {
  const texts = ['foo foo qux bar', ''];

  it('multiHot says whether', async () => {
    const vectorizer = await adapted({ outputMode: 'multiHot' });
    expect(vectorizer.getVocabulary()).toEqual(['[UNK]', 'baz', 'bar', 'foo', 'boom', 'bada']);
    expect(vectorizer.vectorize(texts).data).toBeInstanceOf(Float32Array);
    expect(values(vectorizer, texts)).toEqual({
      values: [1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      shape: [2, 6],
    });
  });

  it('count says how often, in maxTokens columns if asked', async () => {
    const vectorizer = await adapted({ outputMode: 'count', maxTokens: 8, padToMaxTokens: true });
    expect(values(vectorizer, ['foo foo qux bar'])).toEqual({
      values: [1, 0, 1, 2, 0, 0, 0, 0],
      shape: [1, 8],
    });
  });

  it('tfIdf weighs with log(1 + N / (1 + n)), the unknown with the mean', async () => {
    const vectorizer = await adapted({ outputMode: 'tfIdf' });
    // N = 3: baz and bar are in two texts, the others in one: log 2 = 0.693147, log 2.5 = 0.916291.
    const mean = (2 * 0.693147 + 3 * 0.916291) / 5;
    const expected = [mean, 0, 0.693147, 2 * 0.916291, 0, 0];
    [...vectorizer.vectorize(texts).data.slice(0, 6)].forEach((value, k) =>
      expect(value).toBeCloseTo(expected[k], 5),
    );
  });

  it('counts a text once for the inverse document frequency', async () => {
    const vectorizer = await adapted({ outputMode: 'tfIdf' }, ['a a a', 'b']);
    expect(vectorizer.vectorize(['a']).data[1]).toBeCloseTo(Math.log(2), 6);
  });

  it('takes weights with a vocabulary', () => {
    const vectorizer = new TextVectorization({
      outputMode: 'tfIdf',
      vocabulary: ['a', 'b'],
      idfWeights: [0.5, 1.5],
    });
    expect(values(vectorizer, ['a b b z']).values).toEqual([1, 0.5, 3]);
  });
});

it.each<[TextVectorizationOptions, number[]]>([
  [{}, [2, 0, 3, 1]],
  [{ outputMode: 'count' }, [1, 1, 1]],
])("an empty token of one's own split is padding: %j", (options, expected) => {
  const split = (text: string) => text.split('-');
  const vectorizer = new TextVectorization({
    ...{ ...options, split },
    standardize: null,
    vocabulary: ['a', 'b'],
  });
  expect(values(vectorizer, ['a--b-z']).values).toEqual(expected);
});

describe('a corpus', () => {
  it('may be a generator, or asynchronous, in single texts or batches', async () => {
    function* single() {
      yield* TEXTS;
    }
    async function* batches() {
      yield TEXTS.slice(0, 2);
      yield TEXTS.slice(2);
    }
    for (const corpus of [single(), batches()]) {
      const vectorizer = new TextVectorization();
      await vectorizer.adapt(corpus);
      expect(vectorizer.getVocabulary(false)).toEqual(['baz', 'bar', 'foo', 'boom', 'bada']);
    }
  });

  it('is reported on, and forgets what was learned before', async () => {
    const seen: CorpusProgress[] = [];
    const vectorizer = new TextVectorization();
    await vectorizer.adapt(['old words']);
    await vectorizer.adapt(TEXTS, { onProgress: (p) => seen.push(p), progressEvery: 2 });
    expect(seen).toEqual([
      { texts: 2, tokens: 4, distinct: 3 },
      { texts: 3, tokens: 7, distinct: 5 },
    ]);
    expect(vectorizer.getVocabulary()).not.toContain('old');
  });

  it('is vectorised in batches', async () => {
    const vectorizer = await adapted({ outputSequenceLength: 2 });
    const seen: number[] = [];
    const shapes: number[][] = [];
    const options = { batchSize: 2, onProgress: (n: number) => seen.push(n) };
    for await (const { shape } of vectorizer.vectorizeAll(TEXTS, options)) shapes.push(shape);
    expect(shapes).toEqual([
      [2, 2],
      [1, 2],
    ]);
    expect(seen).toEqual([2, 3]);
  });
});

describe('a config', () => {
  it.each<TextVectorizationOptions>([
    { ngrams: 2, outputSequenceLength: 6 },
    { outputMode: 'tfIdf', maxTokens: 20, padToMaxTokens: true },
    { standardize: null, split: 'character' },
  ])('of %j holds everything as JSON', async (options) => {
    const vectorizer = await adapted(options);
    const config = JSON.parse(JSON.stringify(vectorizer.getConfig()));
    const restored = TextVectorization.fromConfig(config);
    expect(restored.getVocabulary()).toEqual(vectorizer.getVocabulary());
    const texts = ['foo bar qux', 'boom'];
    expect(values(restored, texts)).toEqual(values(vectorizer, texts));
  });

  it('wants functions again', async () => {
    const standardize = (text: string) => text.toUpperCase();
    const vectorizer = await adapted({ standardize });
    const config = vectorizer.getConfig();
    expect(() => TextVectorization.fromConfig(config)).toThrow(/cannot hold must be given again/);
    const restored = TextVectorization.fromConfig(config, { standardize });
    expect(restored.tokens('foo')).toEqual(['FOO']);
  });
});

describe('errors', () => {
  it.each<[any, RegExp]>([
    [{ standardize: 'upper' }, /standardize: expected one of 'lower', .* got 'upper'/],
    [{ split: 'words' }, /split: expected one of 'whitespace'/],
    [{ outputMode: 'binary' }, /outputMode: expected one of 'int', 'multiHot'/],
    [{ ngrams: 0 }, /ngrams: expected a whole number of at least 1 and at most 100, got 0/],
    [{ maxTokens: 2 }, /maxTokens: expected a whole number of at least 3/],
    [{ outputMode: 'count', padToMaxTokens: true }, /needs maxTokens/],
    [{ outputMode: 'count', outputSequenceLength: 3 }, /only for outputMode 'int'/],
    [{ vocabulary: ['a', 'a'] }, /got 'a' twice/],
    [{ vocabulary: ['a', ''] }, /different words, got ''/],
    [{ vocabulary: [] }, /expected words, got none/],
    [{ vocabulary: ['a', 'b'], maxTokens: 3 }, /at most maxTokens = 3 entries, got 4/],
    [{ vocabulary: ['a'], outputMode: 'tfIdf' }, /got outputMode 'tfIdf' and no idfWeights/],
    [{ vocabulary: ['a'], idfWeights: [1] }, /outputMode 'int' and some/],
    [{ vocabulary: ['a'], idfWeights: [1, 2], outputMode: 'tfIdf' }, /expected 1 idfWeights/],
  ])('%j', (options, message) => {
    expect(() => new TextVectorization(options)).toThrow(message);
  });

  it('says what is missing or no text', async () => {
    const vectorizer = new TextVectorization();
    expect(() => vectorizer.vectorize(['a'])).toThrow(/no vocabulary yet; `await adapt\(texts\)`/);
    await expect(vectorizer.adapt([])).rejects.toThrow(/expected texts, got none/);
    await expect(vectorizer.adapt('one text')).rejects.toThrow(/got '[^']*'; give a list/);
    await expect(vectorizer.adapt(['a', 3] as any)).rejects.toThrow(/text 1: expected a string/);
    await vectorizer.adapt(['a']);
    expect(() => vectorizer.vectorize(['a', undefined] as any)).toThrow(/text 1: expected a str/);
    expect(() => vectorizer.vectorize('a' as any)).toThrow(
      /list of texts, got '[^']*'; give a list, \[text\]/,
    );
    const given = new TextVectorization({ vocabulary: ['a'] });
    await expect(given.adapt(['b'])).rejects.toThrow(/the vocabulary was given/);
  });
});

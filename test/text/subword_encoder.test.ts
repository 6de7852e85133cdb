/** SubwordEncoder: ids that the tests of `tfds` state or that follow from its rules by hand, and no loss on any string. */
import { describe, expect, it } from 'vitest';
import { SubwordEncoder } from '../../src/text/index.ts';
import { Random } from '../../src/random.ts';

const encoder = new SubwordEncoder(['foo_', 'bar_', 'foo', 'bar', '<EOS>']);
const bytes = new SubwordEncoder([]);

describe('encode', () => {
  it.each<[string, number[]]>([
    ['foo bar', [1, 4]],
    ['foobar foo bar<EOS>bar', [3, 2, 1, 4, 5, 4]],
    ['bar <EOS>bar', [2, 5, 4]],
    ['bar <EOS> bar', [2, 5, 38, 4]],
    ['bar<EOS> bar', [4, 5, 38, 4]],
    ['a_b!', [103, 101, 104, 39]],
    ['foo \\bar_!', [3, 38, 98, 4, 101, 39]],
    ['foo \\\\bar_!', [3, 38, 98, 98, 4, 101, 39]],
    ['你', [234, 195, 166]],
    ['', []],
    // Two spaces are no single one: they are a token of their own.
    ['foo  bar', [3, 38, 38, 4]],
    ['\n', [16]],
  ])('%j', (text, ids) => {
    expect(encoder.encode(text)).toEqual(ids);
    expect(encoder.decode(ids)).toBe(text);
  });

  it('gives ids from 1 to 256 + subwords', () => {
    expect(encoder.vocabularySize).toBe(262);
    expect(bytes.vocabularySize).toBe(257);
    expect(bytes.encode('A')).toEqual([66]);
  });

  it('matches the longest subword', () => {
    const greedy = new SubwordEncoder(['a', 'ab', 'abcd', 'cd']);
    expect(greedy.encode('abc')).toEqual([2, 104]);
    expect(greedy.encode('abcdab')).toEqual([3, 2]);
  });

  it('takes the longest reserved token', () => {
    expect(new SubwordEncoder(['<a', '<a>']).encode('<a>')).toEqual([2]);
  });

  it('gives half of a surrogate pair three bytes, and a pair four', () => {
    expect(bytes.encode('\ud83d')).toEqual([0xed, 0xa0, 0xbd].map((b) => b + 1));
    expect(bytes.encode('\ude00')).toEqual([0xed, 0xb8, 0x80].map((b) => b + 1));
    expect(bytes.encode('\u{1f600}')).toEqual([0xf0, 0x9f, 0x98, 0x80].map((b) => b + 1));
  });
});

describe('decode', () => {
  it('leaves padding out', () => {
    expect(encoder.decode([0, 1, 4, 0, 0])).toBe('foo bar');
    expect(encoder.decode(Int32Array.of(0, 0))).toBe('');
  });

  it('puts U+FFFD for bytes that make no character', () => {
    expect(encoder.decode([234, 195, 166, 226])).toBe('你\ufffd');
    expect(bytes.decode([0xed, 0xa0].map((b) => b + 1))).toBe('\ufffd\ufffd');
  });

  it('reads an escaped underscore within a subword', () => {
    const snake = new SubwordEncoder(['a\\&undscb_', '\\&undsc', '_']);
    expect(snake.encode('a_b c')).toEqual([1, 3 + 1 + 99]);
    expect(snake.decode([1, 2, 3])).toBe('a_b _ ');
    // As in tfds, an underscore on its own is its byte.
    expect(snake.encode('_')).toEqual([3 + 1 + 95]);
  });
});

describe('no string is lost', () => {
  const vocabularies = [
    [],
    ['foo_', 'bar_', 'foo', 'bar', '<EOS>'],
    [
      'a\\&',
      'foo\\&undsc',
      '\\&un',
      '\\&undsc',
      '<a\\&undscb>',
      'undsc',
      'ndsc_',
      '_',
      '\\&_',
      '! ',
    ],
  ];
  const pieces = ['a', 'foo', '_', '\\&undsc', '\\&', 'undsc', ' ', '  ', '\n', '!', '<EOS>', '<a_b>']
    .concat(['é', 'e\u0301', '你', '\u{1f600}', '\ud83d', '\ude00', '\ufeff', '\ufffd', '\uffff', '\0'])
    .concat(['👩‍👩‍👧', '🇪🇺']); // prettier-ignore

  it.each(vocabularies)('with subwords %#', (...subwords) => {
    const any = new SubwordEncoder(subwords);
    const random = new Random(7);
    for (let k = 0; k < 3000; k++) {
      const count = random.integer(9);
      const text = Array.from({ length: count }, () => pieces[random.integer(pieces.length)]).join(
        '',
      );
      const ids = any.encode(text);
      expect(any.decode(ids)).toBe(text);
      expect(ids.every((id) => id > 0 && id < any.vocabularySize)).toBe(true);
    }
  });
});

it('takes long runs without a break', () => {
  const text = `${'_'.repeat(50_000)} ${'\u{1f600}'.repeat(50_000)}${'x'.repeat(50_000)}`;
  expect(encoder.decode(encoder.encode(text)) === text).toBe(true);
});

describe('a vocabulary file', () => {
  const file = "### SubwordTextEncoder\n### Metadata: {}\n'foo_'\n', '\n'''\n'.\n'\n'\n\n'\n";

  it('is read and written as tfds does', () => {
    const read = SubwordEncoder.fromVocabulary(file);
    expect(read.subwords).toEqual(['foo_', ', ', "'", '.\n', '\n\n']);
    expect(read.toVocabulary()).toBe(file);
  });

  it('says in which line it is none', () => {
    expect(() => SubwordEncoder.fromVocabulary('foo_')).toThrow(
      /line 1: expected '### SubwordTextEncoder', got "foo_"/,
    );
    const header = file.split('\n').slice(0, 2).join('\n');
    expect(() => SubwordEncoder.fromVocabulary(`${header}\nfoo_\n'bar_'\n`)).toThrow(
      /line 3: expected a subword in single quotes, got "foo_"/,
    );
    expect(() => SubwordEncoder.fromVocabulary(`${header}\n'foo_'\n'bar\n`)).toThrow(/line 4: /);
  });

  it('is not written where it could not be read', () => {
    const odd = new SubwordEncoder(["a'\n'b"]);
    expect(() => odd.toVocabulary()).toThrow(/quotes around a line end .* as JSON/);
  });
});

describe('buildFromCorpus', () => {
  it('counts beginnings, and takes them from the longest that are taken', async () => {
    // Round 1 takes aaa_, aaa, aa_, aa and a_, once each; from round 2 on aaa_ and aaa cover the corpus.
    const built = await SubwordEncoder.buildFromCorpus(['aaa aaa'], 259);
    expect(built.subwords).toEqual(['aaa_', 'aaa']);
  });

  it('looks for the least count that gives the size', async () => {
    // Counts are 1 (ac) to 3 (ab_): 2 is tried first, and leaves ab_ alone, 258 ids.
    const seen: (number | null)[] = [];
    const built = await SubwordEncoder.buildFromCorpus(['ab ab ab ac'], 258, {
      onProgress: ({ vocabularySize }) => seen.push(vocabularySize),
    });
    expect(built.subwords).toEqual(['ab_']);
    expect(seen).toEqual([null, 258]);
  });

  it('stops at maxCorpusChars, and at maxSubwordLength', async () => {
    const one = await SubwordEncoder.buildFromCorpus(['你好', '世界'], 300, { maxCorpusChars: 1 });
    expect(one.subwords).toEqual(['你']);
    const short = await SubwordEncoder.buildFromCorpus(['lorem ipsum'], 300, {
      maxSubwordLength: 1,
    });
    expect(short.subwords).toEqual([]);
  });

  it('reads an asynchronous corpus, keeps reserved tokens whole and loses nothing', async () => {
    async function* corpus() {
      for (let k = 0; k < 50; k++) yield ['to_be or not <EOS>', 'to see \u{1f600} \ud83d <m_y>'];
    }
    const reservedTokens = ['<EOS>', '<EOD>', '<m_y>'];
    const built = await SubwordEncoder.buildFromCorpus(corpus(), 280, { reservedTokens });
    expect(built.subwords.slice(0, 3)).toEqual(['<EOS>', '<EOD>', '<m\\&undscy>']);
    expect(built.encode('to<EOD>').at(-1)).toBe(2);
    expect(built.encode('<m_y>')).toEqual([3]);
    for await (const texts of corpus())
      for (const text of texts) {
        expect(built.decode(built.encode(text))).toBe(text);
        expect(built.encode(text).length).toBeLessThan(bytes.encode(text).length);
      }
    expect(SubwordEncoder.fromVocabulary(built.toVocabulary()).subwords).toEqual(built.subwords);
  });
});

describe('errors', () => {
  it('say what was expected', async () => {
    const build = (corpus: any, size: number, options = {}) =>
      SubwordEncoder.buildFromCorpus(corpus, size, options);
    expect(() => new SubwordEncoder(['a', 'a'])).toThrow(/different subwords .* got "a" twice/);
    expect(() => new SubwordEncoder(['\ud83d'])).toThrow(/whole characters, got "\\ud83d"/);
    expect(() => encoder.encode(3 as any)).toThrow(/expected a string, got \d/);
    expect(() => encoder.decode([262])).toThrow(/expected ids below 262, got 262/);
    expect(() => encoder.decode([-1])).toThrow(/id: expected a whole number of at least 0/);
    await expect(build(['a'], 257)).rejects.toThrow(/targetVocabSize: .* at least 258, got 257/);
    await expect(build([], 300)).rejects.toThrow(/expected texts, got none/);
    await expect(build('text', 300)).rejects.toThrow(/got '[^']*'/);
    await expect(build(['a'], 300, { reservedTokens: ['abc'] })).rejects.toThrow(/got 'abc'/);
    const holes = new Array<string>(3);
    await expect(build(['a'], 300, { reservedTokens: holes })).rejects.toThrow(
      /got a list of 3 with holes/,
    );
  });
});

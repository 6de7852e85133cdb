/** SubwordEncoder against ids and vocabularies of `tfds`. */
import { describe, expect, it } from 'vitest';
import { SubwordEncoder } from '../../src/text/index.ts';

/** Those of the 7928 subwords of imdb_reviews/subwords8k that are part of the texts below, with their ids. */
const IDS = `7:to_ 8:s_ 48:from_ 111:m_ 167:er 222:o_ 254:to 317:or 325:so 370:ry 413:en 423:ro 447:st 450:te 453:as 487:ter
  530:el 584:He 586:ic 759:ma 782:ns 795:om 863:low 906:Te 936:si 1057:ba 1069:ast 1163:lo 1322:from 1383:ll 1415:ste
  1477:ster 1624:ell 2065:mas 2120:ow 2175:bas 2327:sor 2469:llo 2652:master 2820:asi 4025:Hell 4043:Fl 4249:basi 4429:cs_
  4574:ens 4716:om_ 5718:lo_ 6023:cs 6307:Ten 6668:fro 7550:ery`;

function imdbEncoder(): SubwordEncoder {
  // Q stands in neither text.
  const subwords = Array.from({ length: 7928 }, (_, k) => `Q${k}`);
  subwords[2 - 1] = ', ';
  for (const [, id, subword] of IDS.matchAll(/(\d+):(\S+)/g)) subwords[Number(id) - 1] = subword;
  return new SubwordEncoder(subwords);
}

it.each<[string, number[]]>([
  ['Hello TensorFlow.', [4025, 222, 6307, 2327, 4043, 2120, 7975]],
  [
    'TensorFlow, from basics to mastery',
    [6307, 2327, 4043, 2120, 2, 48, 4249, 4429, 7, 2652, 8050],
  ],
])('%j has the ids of imdb_reviews/subwords8k', (text, ids) => {
  const encoder = imdbEncoder();
  expect(encoder.vocabularySize).toBe(8185);
  expect(encoder.encode(text)).toEqual(ids);
  expect(encoder.decode(ids)).toBe(text);
});

describe('letters are those of Python', () => {
  // A subword of letters and others is reserved and wins: the last two would be in the first rows if é and ² were no letters, and
  // in the third one the second would not be if an accent were one.
  it.each<[string[], string, number[]]>([
    [['caf', 'é', 'fé'], 'café', [1, 2]],
    [['ax', '²', 'x²'], 'ax²', [1, 2]],
    [['a', 'e\u0301', 'ae'], 'ae\u0301', [1, 2]],
    [['caf', 'é', 'x²', 'x', '²'], 'café x²', [1, 2, 5 + 1 + 32, 3]],
  ])('%j: %s', (subwords, text, ids) => {
    expect(new SubwordEncoder(subwords).encode(text)).toEqual(ids);
  });
});

describe('buildFromCorpus gives what the algorithm of tfds gives', () => {
  const corpus = [
    'She sells sea shells by the sea shore.',
    "The shells she sells are sea-shells, I'm sure.",
    "For if she sells sea shells on the sea shore, then I'm sure she sells sea shore shells!",
  ];
  it.each([
    [262, 'sh|e_|shells|sea_|sells_|or|he_'],
    [267, 'sea_|sells_|he|the|shore|shells_|she_|re'],
    [
      275,
      'sea_|sells_|shells_|she_|the_|shore|shells|m_|, |then_|sure_|sure|shore_|sea|on_|if_|by_|are_|The_|She_|For_',
    ],
  ])('for %d ids', async (size, subwords) => {
    const built = await SubwordEncoder.buildFromCorpus(corpus, size);
    expect(built.subwords.join('|')).toBe(subwords);
  });
});

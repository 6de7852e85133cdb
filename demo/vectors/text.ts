/** The text that is learned from: the King James Bible from Genesis to Nehemiah, 360 000 words. */
import { Random } from 'gatefold';

let text: readonly string[] = [];
/** The most frequent first. */
let ranked: readonly (readonly [word: string, count: number])[] = [];
let known: { size: number; ids: Int32Array } = { size: 0, ids: new Int32Array() };

/** @param verses words in lower case, with white space between them */
export function loadText(verses: string): void {
  text = verses.split(/\s+/);
  const counts = new Map<string, number>();
  for (const word of text) counts.set(word, (counts.get(word) ?? 0) + 1);
  ranked = [...counts].sort((a, b) => b[1] - a[1]);
  known = { size: 0, ids: new Int32Array() };
}

export const vocabularyOf = (size: number): string[] => ranked.slice(0, size).map(([word]) => word);

/** Words that make up more than this share of the text are thinned out, as word2vec does. */
const OFTEN = 1e-3;

/** The text as ranks of its words, without those that are rarer than the vocabulary and without most of “the”, “and” and the like. */
export function idsOf(size: number): Int32Array {
  if (known.size === size) return known.ids;
  const random = new Random(1);
  const places = new Map(
    ranked.slice(0, size).map(([word, count], id) => {
      const keep = Math.sqrt((OFTEN * text.length) / count);
      return [word, { id, keep }] as const;
    }),
  );
  const ids = text.flatMap((word) => {
    const place = places.get(word);
    return place && random.uniform() < place.keep ? [place.id] : [];
  });
  known = { size, ids: Int32Array.from(ids) };
  return known.ids;
}

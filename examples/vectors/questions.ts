// Analogies: a is to b as c is to d. An answer is correct if d is the first of all words except a, b and c.
import type { WordVectors } from '../../src/vectors/index.ts';

export type Question = readonly [a: string, b: string, c: string, d: string];
export interface Section {
  readonly name: string;
  readonly questions: readonly Question[];
}
export interface Score {
  readonly right: number;
  /** How many questions have a vector for each of their words. */
  readonly asked: number;
}

/** Pairs of words for each relation. (The text has too few capitals of countries and comparatives for those relations.) */
const RELATIONS: Readonly<Record<string, string>> = {
  family:
    'man woman, king queen, father mother, son daughter, brother sister, husband wife, he she, his her',
  plural:
    'day days, year years, city cities, king kings, son sons, priest priests, house houses, servant servants',
  past: 'come came, go went, take took, give gave, speak spake, see saw, send sent, say said',
};

/** Every pair combined with every other pair of its relation, as in word2vec's file. */
export const ownSections: readonly Section[] = Object.entries(RELATIONS).map(([name, text]) => {
  const pairs = text.split(', ').map((pair) => pair.split(' '));
  const questions = pairs.flatMap(([a, b]) =>
    pairs.filter(([c]) => c !== a).map(([c, d]) => [a, b, c, d] as const),
  );
  return { name, questions };
});

/** @param lines `: section`, then lines `a b c d`, as in word2vec's questions-words.txt; converted to lower case */
export async function readSections(
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<Section[]> {
  const sections: { name: string; questions: Question[] }[] = [];
  for await (const line of lines) {
    const words = line.trim().toLowerCase().split(/\s+/);
    if (words[0] === ':') sections.push({ name: words.slice(1).join(' '), questions: [] });
    else if (words.length === 4 && sections.length > 0)
      sections.at(-1)!.questions.push(words as unknown as Question);
    else if (words[0] !== '')
      throw new Error(`analogies: expected ': section' or four words, got '${line}'`);
  }
  return sections;
}

export function measure(vectors: WordVectors, questions: readonly Question[]): Score {
  const known = questions.filter((words) => words.every((word) => vectors.has(word)));
  const right = known.filter(([a, b, c, d]) => vectors.analogy(a, b, c)[0].word === d);
  return { right: right.length, asked: known.length };
}

// Neighbours, analogies and scores, as rows of tables.
import type { WordVectors } from '../../src/vectors/index.ts';
import { measure } from './questions.ts';
import type { Section } from './questions.ts';
import { asked, groups, looked } from './words.ts';

export function nearestRows(vectors: WordVectors): string[][] {
  const rows = looked
    .filter((word) => vectors.has(word))
    .map((word) => {
      const found = vectors.nearest(word, 6);
      return [word, found.map((one) => `${one.word} ${one.similarity.toFixed(2)}`).join(', ')];
    });
  return [['word', 'nearest, by cosine'], ...rows];
}

export function answerRows(vectors: WordVectors): string[][] {
  const rows = asked
    .filter((words) => words.every((word) => vectors.has(word)))
    .map(([a, b, c]) => {
      const found = vectors.analogy(a, b, c, 3).map(({ word }) => word);
      return [`${b} - ${a} + ${c}`, found.join(', ')];
    });
  return [['sum', 'nearest'], ...rows];
}

/** @param onRow called with the header and with each section's row as soon as it is measured */
export function scoreRows(
  vectors: WordVectors,
  sections: readonly Section[],
  onRow: (row: string[]) => void,
): string[][] {
  const rows = [['analogies', 'right', 'asked', 'accuracy']];
  const total = { right: 0, asked: 0 };
  const push = (name: string, score: typeof total) => {
    const accuracy = score.asked > 0 ? (score.right / score.asked).toFixed(3) : '-';
    const row = [name, String(score.right), String(score.asked), accuracy];
    rows.push(row);
    onRow(row);
  };
  onRow(rows[0]);
  for (const { name, questions } of sections) {
    const score = measure(vectors, questions);
    push(name, score);
    total.right += score.right;
    total.asked += score.asked;
  }
  push('all', total);
  return rows;
}

/** Words in the plane of the first two principal components of their vectors. */
export function points(vectors: WordVectors) {
  const groupOf = new Map(
    Object.entries(groups).flatMap(([group, words]) => words.map((word) => [word, group] as const)),
  );
  return vectors
    .project([...groupOf.keys()].filter((word) => vectors.has(word)))
    .map(({ word, x, y }) => ({ x, y, label: word, group: groupOf.get(word) }));
}

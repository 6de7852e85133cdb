import type { Language } from './languages.ts';

/** How often each class was answered for each true class: counts[truth][answer]. */
export type Confusion = number[][];

/** Counts the answers for each true class. */
export function confusionOf(
  truth: ArrayLike<number>,
  answers: ArrayLike<number>,
  classes: number,
): Confusion {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) counts[truth[i]][answers[i]]++;
  return counts;
}

/** The share of correct answers, those on the diagonal. */
export function accuracyOf(confusion: Confusion): number {
  const total = confusion.flat().reduce((sum, count) => sum + count, 0);
  return confusion.reduce((sum, row, index) => sum + row[index], 0) / total;
}

/** How often one class was taken for another. */
export interface Mistake {
  readonly truth: number;
  readonly answer: number;
  readonly count: number;
}

/** All mistakes, the most frequent first. */
export const mistakesOf = (confusion: Confusion): Mistake[] =>
  confusion
    .flatMap((row, truth) => row.map((count, answer) => ({ truth, answer, count })))
    .filter(({ truth, answer, count }) => truth !== answer && count > 0)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.answer - b.answer);

/** The table as text, with a row for each true language and a column for each answer; dots mean 0. */
export function confusionText(confusion: Confusion, languages: readonly Language[]): string {
  const codes = languages.map(({ code }) => code.slice(0, 3));
  const cell = (text: string) => text.padStart(4);
  const head = `true ${codes.map(cell).join('')}  recall`;
  const lines = confusion.map((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const recall = total === 0 ? '-' : (row[truth] / total).toFixed(2);
    return `${codes[truth].padEnd(5)}${row.map((count) => cell(count === 0 ? '·' : String(count))).join('')}  ${recall.padStart(6)}`;
  });
  return [head, ...lines].join('\n');
}

/** The most frequent mistakes, one per line. */
export const mistakesText = (
  confusion: Confusion,
  languages: readonly Language[],
  most = 8,
): string =>
  mistakesOf(confusion)
    .slice(0, most)
    .map(
      ({ truth, answer, count }) =>
        `  ${count} × ${languages[truth].name} taken for ${languages[answer].name}`,
    )
    .join('\n');

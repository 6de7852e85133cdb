// The best that can be said of what comes next from the last few symbols.
import type { Word } from './languages.ts';

/** After the start and after each symbol, what may come next, as in `Word.next`. */
export type Answer = (word: Word) => readonly number[];

/**
 * After each context of `order` symbols (the start is one), the answer that is most often right in the training words; after contexts that
 * do not occur in them, that of the longest shorter one that does.
 */
export function markovModel(words: readonly Word[], order: number): Answer {
  const counts = new Map<string, Map<number, number>>();
  for (const word of words)
    word.next.forEach((next, t) => {
      for (const context of contextsOf(word, t, order)) {
        const found = counts.get(context) ?? new Map<number, number>();
        counts.set(context, found.set(next, (found.get(next) ?? 0) + 1));
      }
    });
  const best = new Map(
    [...counts].map(([context, found]) => [
      context,
      [...found].reduce((one, other) => (other[1] > one[1] ? other : one))[0],
    ]),
  );
  return (word) =>
    word.next.map((_, t) => {
      const known = contextsOf(word, t, order).find((context) => best.has(context))!;
      return best.get(known)!;
    });
}

/** What precedes step `t`, the longest context first, down to none. */
function contextsOf({ symbols }: Word, t: number, order: number): string[] {
  const before = `s${symbols.slice(0, t).join('')}`;
  return Array.from({ length: order + 1 }, (_, less) => {
    const length = Math.min(order - less, before.length);
    return `${length}:${before.slice(before.length - length)}`;
  });
}

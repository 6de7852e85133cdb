// How much of a sentence comes back.
import type { Sentence } from './sentences.ts';

export interface Figures {
  /** The share of all words, signs included, that stand at their place. */
  readonly words: number;
  /** The share of sentences that come back exactly. */
  readonly sentences: number;
}

export function figuresOf(
  truth: readonly Sentence[],
  answers: readonly (readonly string[])[],
): Figures {
  let [words, right, exact] = [0, 0, 0];
  truth.forEach((sentence, i) => {
    words += sentence.length;
    right += sentence.filter((word, at) => answers[i][at] === word).length;
    exact += Number(sentence.join(' ') === answers[i].join(' '));
  });
  return { words: right / words, sentences: exact / truth.length };
}

/** The word that most sentences have at each place. */
export function mostFrequentWords(sentences: readonly Sentence[]): string[] {
  const longest = Math.max(...sentences.map((words) => words.length));
  return Array.from({ length: longest }, (_, place) => {
    const counts = new Map<string, number>();
    for (const words of sentences)
      if (place < words.length) counts.set(words[place], (counts.get(words[place]) ?? 0) + 1);
    return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
  });
}

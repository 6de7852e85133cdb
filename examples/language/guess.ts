import type { Language } from './languages.ts';

/** A language and its probability. */
export interface Guess {
  readonly language: Language;
  readonly probability: number;
}

/** The most probable languages by a row of logits, with probabilities by softmax. */
export function guesses(
  logits: ArrayLike<number>,
  languages: readonly Language[],
  most = 3,
): Guess[] {
  const values = Array.from(logits);
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers
    .map((power, index) => ({ language: languages[index], probability: power / total }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, most);
}

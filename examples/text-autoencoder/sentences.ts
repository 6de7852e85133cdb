// Sentences as lists of words, and which of them are held out.
import { crc32 } from '../crc32.ts';

export type Sentence = readonly string[];

export interface Corpus {
  readonly train: readonly Sentence[];
  readonly heldOut: readonly Sentence[];
}

/** One sentence in so many is held out, and at most so many of them. */
const [EVERY, MOST_HELD_OUT] = [10, 250];

/** Words in lower case and signs. */
export const wordsOf = (sentence: string): string[] =>
  sentence.toLowerCase().match(/[\p{L}\p{N}'’]+|[^\s\p{L}\p{N}]/gu) ?? [];

/** Each different sentence once; whether it is held out depends on its words alone, not on the order. */
export function splitSentences(texts: readonly string[]): Corpus {
  const sentences = new Map(texts.map(wordsOf).map((words) => [words.join(' '), words]));
  sentences.delete('');
  const [train, heldOut]: Sentence[][] = [[], []];
  for (const [text, words] of sentences)
    if (crc32(text) % EVERY > 0) train.push(words);
    else if (heldOut.length < MOST_HELD_OUT) heldOut.push(words);
  if (train.length === 0 || heldOut.length === 0)
    throw new Error(
      `--data: expected sentences to learn and to hold out, got ${sentences.size} different ones; give at least a hundred`,
    );
  return { train, heldOut };
}

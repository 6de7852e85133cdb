/** Made-up reviews, those of the example `sentiment`, and what the reader adds. */
import { padSequences } from 'gatefold/text';
import { madeUpReviews } from '../../examples/sentiment/sentences.ts';
import type { ProgramSettings } from './settings.ts';

export interface Review {
  readonly text: string;
  /** 1 good, 0 bad. */
  readonly label: number;
}

const [TRAINED, HELD_OUT] = [800, 200];
const all = madeUpReviews(TRAINED + HELD_OUT, 1);
export const reviews: readonly Review[] = all.slice(0, TRAINED);
export const newReviews: readonly Review[] = all.slice(TRAINED);

/** Lines that begin with + or −; others are left out. */
export function ownReviews(lines: string): Review[] {
  return lines.split('\n').flatMap((line) => {
    const [, sign, text] = /^\s*([+−-])\s*(\S.*)$/.exec(line) ?? [];
    return sign ? [{ text, label: sign === '+' ? 1 : 0 }] : [];
  });
}

export const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}’']+/gu) ?? []; // prettier-ignore

const known = new Set(reviews.flatMap(({ text }) => wordsIn(text)));

/** 0 stands for padding and 1 for a word that is not known. */
export const vocabularyOf = (lines: string): string[] => [
  ...['', '?'],
  ...new Set([...known, ...ownReviews(lines).flatMap(({ text }) => wordsIn(text))]),
];

export const encode = (text: string, vocabulary: readonly string[]): number[] =>
  wordsIn(text).map((word) => Math.max(vocabulary.indexOf(word), 1));

/** As many numbers for each sentence: zeros where there is no word. */
export function padded({ lines, length, side }: ProgramSettings, texts: readonly string[]) {
  const vocabulary = vocabularyOf(lines);
  return padSequences(
    texts.map((text) => encode(text, vocabulary)),
    { maxlen: length, padding: side },
  );
}

/** The first two steps of `TextVectorization`: standardise a text, then split it. unicode.ts states the rules. */
import { characters } from './unicode.ts';

export type Standardize = 'lower' | 'stripPunctuation' | 'lowerAndStripPunctuation';
export type Split = 'whitespace' | 'character';

const UPPER = /[A-Z]+/g;
/** The 32 punctuation characters of ASCII, as in Keras' regular expression. */
const PUNCTUATION = /[!-/:-@[-`{-~]+/g;
const WHITE_SPACE = /[ \t\n\v\f\r]+/;

function lower(text: string): string {
  return text.replace(UPPER, (letters) => letters.toLowerCase());
}

function stripPunctuation(text: string): string {
  return text.replace(PUNCTUATION, '');
}

export const STANDARDIZE: Record<Standardize, (text: string) => string> = {
  lower,
  stripPunctuation,
  lowerAndStripPunctuation: (text) => stripPunctuation(lower(text)),
};

export const SPLIT: Record<Split, (text: string) => string[]> = {
  whitespace: (text) => text.split(WHITE_SPACE).filter((word) => word !== ''),
  character: characters,
};

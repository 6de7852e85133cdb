/** The options of `TextVectorization`, their defaults and checks, and what its first two steps may be. unicode.ts states the rules. */
import type { LayerConfig } from '../layers/base.ts';
import { CALLABLE, check, checkNames, FLAG, show } from '../options.ts';
import { oneOf, wholeNumber } from './checks.ts';
import { OUTPUT_MODES, specialTokens } from './lookup.ts';
import type { OutputMode } from './lookup.ts';
import { characters } from './unicode.ts';

/** See `TextVectorizationOptions`. @inline */
export type Standardize = 'lower' | 'stripPunctuation' | 'lowerAndStripPunctuation';
/** See `TextVectorizationOptions`. @inline */
export type Split = 'whitespace' | 'character';
/** See `TextVectorizationOptions`. @inline */
export type StandardizeFunction = (text: string) => string;
/** See `TextVectorizationOptions`. @inline */
export type SplitFunction = (text: string) => string[];

/** What a `TextVectorization` makes of texts. Names and defaults are those of Keras, in camelCase. */
export interface TextVectorizationOptions {
  /** The largest size of the vocabulary, special tokens included; null (default): no limit. */
  maxTokens?: number | null;
  /** `lowerAndStripPunctuation` by default; null leaves texts as they are. */
  standardize?: Standardize | StandardizeFunction | null;
  /** `whitespace` by default; null makes each text one token. */
  split?: Split | SplitFunction | null;
  /** n: tokens are n-grams of 1 to n words, at most 100, joined by a space; a list: n-grams of these lengths; null (default): words. */
  ngrams?: number | readonly number[] | null;
  /** `int` by default. */
  outputMode?: OutputMode;
  /** The length of rows in `int` mode, at most 2^20; null (default): that of the longest text of a call. */
  outputSequenceLength?: number | null;
  /** In the other modes: whether rows have `maxTokens` columns even if the vocabulary is smaller; false by default. */
  padToMaxTokens?: boolean;
  /** A vocabulary to use instead of calling `adapt`, most frequent first; it may begin with the special tokens. */
  vocabulary?: readonly string[] | null;
  /** In `tfIdf` mode: a weight for each entry of `vocabulary`. */
  idfWeights?: ArrayLike<number> | null;
}

/** Stands in a config for a function, which JSON cannot hold. */
export const FUNCTION = 'function';

/** The options as JSON, for `fromConfig`, which also takes the functions that JSON cannot hold. */
export type TextVectorizationConfig = {
  [Name in keyof TextVectorizationOptions]-?: Name extends 'standardize' | 'split'
    ? string | null
    : Name extends 'idfWeights'
      ? number[] | null
      : TextVectorizationOptions[Name];
} & Required<LayerConfig>;

export type Settings = Required<Omit<TextVectorizationOptions, 'vocabulary' | 'idfWeights'>>;

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

const NAME = 'TextVectorization';
const NAMES: readonly (keyof TextVectorizationConfig)[] = [
  ...(['name', 'trainable', 'maxTokens', 'standardize', 'split', 'ngrams', 'outputMode'] as const),
  ...(['outputSequenceLength', 'padToMaxTokens', 'vocabulary', 'idfWeights'] as const),
];
/** More would fill the memory with padding. */
const MOST_STEPS = 2 ** 20;

/** @throws Error if `value` is not a name in the table, a function or null */
function checkStep(option: string, value: unknown, table: object): void {
  if (value === null || CALLABLE[1](value)) return;
  const names = Object.keys(table);
  if (!names.includes(value as string))
    throw new Error(
      `${NAME}: ${option}: expected one of '${names.join("', '")}', a function or null, got ${show(value)}` +
        (value === FUNCTION
          ? `; what a config cannot hold must be given again: before loadModel, registerLayer('${NAME}', (config) => ` +
            `${NAME}.fromConfig(config, { ${option} }))`
          : ''),
    );
}

/** The options with their defaults. @throws Error for the first one that is invalid */
export function settingsOf(options: TextVectorizationOptions): Settings {
  checkNames(NAME, options, NAMES);
  const { maxTokens = null, outputMode = 'int', outputSequenceLength = null } = options;
  const { standardize = 'lowerAndStripPunctuation', split = 'whitespace', ngrams = null } = options;
  const { padToMaxTokens = false } = options;
  check(NAME, 'padToMaxTokens', padToMaxTokens, FLAG);
  checkStep('standardize', standardize, STANDARDIZE);
  checkStep('split', split, SPLIT);
  oneOf(`${NAME}: outputMode`, outputMode, OUTPUT_MODES);
  if (maxTokens !== null)
    wholeNumber(`${NAME}: maxTokens`, maxTokens, specialTokens(outputMode).length + 1);
  else if (padToMaxTokens)
    throw new Error(`${NAME}: padToMaxTokens needs maxTokens; give the number of columns`);
  if (outputSequenceLength !== null) {
    wholeNumber(`${NAME}: outputSequenceLength`, outputSequenceLength, 1, MOST_STEPS);
    if (outputMode !== 'int')
      throw new Error(
        `${NAME}: outputSequenceLength is only for outputMode 'int', got '${outputMode}'; leave it out`,
      );
  }
  return {
    maxTokens,
    standardize,
    split,
    ngrams,
    outputMode,
    outputSequenceLength,
    padToMaxTokens,
  };
}

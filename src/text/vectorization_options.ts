/** The options of `TextVectorization`, and what is wrong with them. */
import type { LayerConfig } from '../layers/base.ts';
import { checkList, oneOf, wholeNumber } from './arrays.ts';
import { OUTPUT_MODES, specialTokens } from './lookup.ts';
import type { OutputMode } from './lookup.ts';
import { SPLIT, STANDARDIZE } from './standardize.ts';
import type { Split, Standardize } from './standardize.ts';

export type StandardizeFunction = (text: string) => string;
export type SplitFunction = (text: string) => string[];

export interface TextVectorizationOptions {
  /** Most entries of the vocabulary, the special ones included; null (default): as many as there are. */
  maxTokens?: number | null;
  /** `lowerAndStripPunctuation` by default; null: texts are left as they are. */
  standardize?: Standardize | StandardizeFunction | null;
  /** `whitespace` by default; null: a text is one token. */
  split?: Split | SplitFunction | null;
  /** n: tokens are runs of 1 to n words, joined by a space; a list: of those lengths; null (default): words. */
  ngrams?: number | readonly number[] | null;
  /** `int` by default. */
  outputMode?: OutputMode;
  /** Steps of the output in `int` mode; null (default): as many as the longest text of a call has. */
  outputSequenceLength?: number | null;
  /** Whether the output of the other modes has `maxTokens` columns, even where the vocabulary is smaller. */
  padToMaxTokens?: boolean;
  /** A vocabulary instead of `adapt`, most frequent first, with or without the special tokens at its beginning. */
  vocabulary?: readonly string[] | null;
  /** With `vocabulary` in `tfIdf` mode: a weight for each of its entries. */
  idfWeights?: ArrayLike<number> | null;
}

/** What a config says where there was a function. */
export const FUNCTION = 'function';

/** Options as JSON: `fromConfig` takes them, and functions again beside them. */
export type TextVectorizationConfig = {
  [Name in keyof TextVectorizationOptions]-?: Name extends 'standardize' | 'split'
    ? string | null
    : Name extends 'idfWeights'
      ? number[] | null
      : TextVectorizationOptions[Name];
} & Required<LayerConfig>;

export type Settings = Required<Omit<TextVectorizationOptions, 'vocabulary' | 'idfWeights'>>;

const NAME = 'TextVectorization';

/** A named function of a table, one of the user's, or none. */
function checkStep(option: string, value: unknown, table: object): void {
  if (value === null || typeof value === 'function') return;
  const names = Object.keys(table);
  const got = typeof value === 'string' ? value : typeof value;
  if (!names.includes(got))
    throw new Error(
      `${NAME}: ${option}: expected one of '${names.join("', '")}', a function or null, got ${got}` +
        (value === FUNCTION
          ? `; what a config cannot hold must be given again: before loadModel, registerLayer('${NAME}', (config) => ` +
            `${NAME}.fromConfig(config, { ${option} }))`
          : ''),
    );
}

/** @throws Error at the first option that is none */
export function settingsOf(options: TextVectorizationOptions): Settings {
  const { maxTokens = null, outputMode = 'int', outputSequenceLength = null } = options;
  const { standardize = 'lowerAndStripPunctuation', split = 'whitespace', ngrams = null } = options;
  const { padToMaxTokens = false } = options;
  checkStep('standardize', standardize, STANDARDIZE);
  checkStep('split', split, SPLIT);
  oneOf(`${NAME}: outputMode`, outputMode, OUTPUT_MODES);
  if (maxTokens !== null)
    wholeNumber(`${NAME}: maxTokens`, maxTokens, specialTokens(outputMode).length + 1);
  else if (padToMaxTokens)
    throw new Error(`${NAME}: padToMaxTokens needs maxTokens; give the number of columns`);
  if (outputSequenceLength !== null) {
    wholeNumber(`${NAME}: outputSequenceLength`, outputSequenceLength, 1);
    if (outputMode !== 'int')
      throw new Error(
        `${NAME}: outputSequenceLength goes with outputMode 'int' alone, got '${outputMode}'; leave it out`,
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

/** The tokens of a given vocabulary without the special ones. @throws Error where one is there twice, or too many */
export function givenTokens(
  given: readonly string[],
  mode: OutputMode,
  maxTokens: number | null,
): string[] {
  const special = specialTokens(mode);
  checkList(`${NAME}: vocabulary`, given, 'word');
  const tokens = given.slice(special.every((token, k) => given[k] === token) ? special.length : 0);
  const seen = new Set<string>();
  for (const token of tokens) {
    if (typeof token !== 'string' || token === '' || seen.has(token))
      throw new Error(
        `${NAME}: vocabulary: expected different words, got ${JSON.stringify(token)}${seen.has(token) ? ' twice' : ''}; ` +
          `special tokens may stand at the beginning alone, as ${JSON.stringify(special)}`,
      );
    seen.add(token);
  }
  if (given.length === 0) throw new Error(`${NAME}: vocabulary: expected words, got none`);
  const size = special.length + tokens.length;
  if (maxTokens !== null && size > maxTokens)
    throw new Error(
      `${NAME}: vocabulary: expected at most maxTokens = ${maxTokens} entries, got ${size}, special ones included`,
    );
  return tokens;
}

/** The vocabulary of `TextVectorization`: learned from a corpus, or given as a list. */
import { periodicYield } from '../event_loop.ts';
import { CALLABLE, check, COUNT, LIST, readOptions, show } from '../options.ts';
import { checkList } from './checks.ts';
import { Lookup, specialTokens } from './lookup.ts';
import type { OutputMode } from './lookup.ts';
import { textsOf } from './corpus.ts';
import type { Corpus } from './corpus.ts';
import { TokenCounts } from './token_counts.ts';
import type { CorpusProgress } from './token_counts.ts';
import type { Settings } from './vectorization_settings.ts';

/** What `TextVectorization.adapt` tells while it reads. */
export interface AdaptOptions {
  /** Called after every `progressEvery` texts, and at the end. */
  onProgress?: (progress: CorpusProgress) => void;
  /** Texts between two calls of `onProgress`; 1000 by default. */
  progressEvery?: number;
}

/** Learns a vocabulary from a corpus, which is read once; only the distinct tokens and their counts stay in memory. */
export async function learnVocabulary(
  corpus: Corpus,
  tokensOf: (text: string) => string[],
  settings: Settings,
  options: AdaptOptions,
): Promise<Lookup> {
  const { onProgress, progressEvery } = readOptions(
    'TextVectorization.adapt',
    options,
    { onProgress: undefined as AdaptOptions['onProgress'], progressEvery: 1000 },
    { onProgress: CALLABLE, progressEvery: COUNT },
  );
  const { outputMode: mode, maxTokens } = settings;
  const counts = new TokenCounts(mode === 'tfIdf');
  const yieldNow = periodicYield();
  let texts = 0;
  for await (const text of textsOf('TextVectorization.adapt', corpus)) {
    counts.add(tokensOf(text));
    if (++texts % progressEvery === 0) onProgress?.(counts.progress);
    await yieldNow();
  }
  if (texts === 0) throw new Error('TextVectorization.adapt: expected texts, got none');
  if (texts % progressEvery !== 0) onProgress?.(counts.progress);
  const tokens = counts.ranked((maxTokens ?? Infinity) - specialTokens(mode).length, ['', '[UNK]']);
  const idf = mode === 'tfIdf' ? tokens.map((token) => counts.idf(token)) : null;
  return new Lookup(mode, tokens, idf && withMean(idf));
}

/** A vocabulary from a list. `idfWeights`, one for each entry, are needed in `tfIdf` mode and refused in the others. */
export function givenVocabulary(
  vocabulary: readonly string[],
  idfWeights: ArrayLike<number> | null,
  { outputMode: mode, maxTokens }: Settings,
): Lookup {
  const tokens = wordsOf(vocabulary, mode, maxTokens);
  if ((mode === 'tfIdf') !== (idfWeights !== null))
    throw new Error(
      `TextVectorization: expected idfWeights with a vocabulary and outputMode 'tfIdf' alone, got outputMode '${mode}' and ` +
        `${idfWeights === null ? 'no' : 'some'} idfWeights`,
    );
  if (idfWeights && idfWeights.length !== vocabulary.length)
    throw new Error(
      `TextVectorization: expected ${vocabulary.length} idfWeights, one for each word, got ${idfWeights.length}`,
    );
  const hasSpecialTokens = tokens.length < vocabulary.length;
  return new Lookup(
    mode,
    tokens,
    idfWeights && (hasSpecialTokens ? Float32Array.from(idfWeights) : withMean(idfWeights)),
  );
}

/** The words of a given vocabulary, without special tokens. @throws Error if a word is there twice, or there are too many */
function wordsOf(given: readonly string[], mode: OutputMode, maxTokens: number | null): string[] {
  const what = 'TextVectorization: vocabulary';
  const special = specialTokens(mode);
  check(what, 'it', checkList(what, given, 'word'), LIST);
  const words = given.slice(special.every((token, k) => given[k] === token) ? special.length : 0);
  const seen = new Set<string>();
  for (const word of words) {
    if (typeof word !== 'string' || word === '' || seen.has(word))
      throw new Error(
        `${what}: expected different words, got ${show(word)}${seen.has(word) ? ' twice' : ''}; ` +
          `special tokens may only stand at the beginning, as ${JSON.stringify(special)}`,
      );
    seen.add(word);
  }
  if (given.length === 0) throw new Error(`${what}: expected words, got none`);
  const size = special.length + words.length;
  if (maxTokens !== null && size > maxTokens)
    throw new Error(
      `${what}: expected at most maxTokens = ${maxTokens} entries, got ${size}, special ones included`,
    );
  return words;
}

/** The weights with their mean in front, for `[UNK]`: how often unknown words occur was not counted. */
function withMean(weights: ArrayLike<number>): Float32Array {
  const all = new Float32Array(weights.length + 1);
  all.set(weights, 1);
  all[0] = all.reduce((sum, weight) => sum + weight, 0) / Math.max(1, weights.length);
  return all;
}

/** Where the vocabulary of `TextVectorization` comes from: a corpus, or a list. */
import { wholeNumber } from './arrays.ts';
import { Lookup, specialTokens } from './lookup.ts';
import { breather, textsOf } from './progress.ts';
import type { Corpus } from './progress.ts';
import { TokenCounts } from './token_counts.ts';
import type { CorpusProgress } from './token_counts.ts';
import { givenTokens } from './vectorization_options.ts';
import type { Settings } from './vectorization_options.ts';

export interface AdaptOptions {
  /** Called after every `progressEvery` texts and at the end. */
  onProgress?: (progress: CorpusProgress) => void;
  /** 1000 by default. */
  progressEvery?: number;
}

/** Reads the corpus once, text by text, and keeps the different tokens alone. */
export async function learn(
  corpus: Corpus,
  tokensOf: (text: string) => string[],
  settings: Settings,
  options: AdaptOptions,
): Promise<Lookup> {
  const { onProgress, progressEvery = 1000 } = options;
  const { outputMode: mode, maxTokens } = settings;
  wholeNumber('TextVectorization.adapt: progressEvery', progressEvery, 1);
  const counts = new TokenCounts(mode === 'tfIdf');
  const breathe = breather();
  let texts = 0;
  for await (const text of textsOf('TextVectorization.adapt', corpus)) {
    counts.add(tokensOf(text));
    if (++texts % progressEvery === 0) onProgress?.(counts.progress);
    await breathe();
  }
  if (texts === 0) throw new Error('TextVectorization.adapt: expected texts, got none');
  if (texts % progressEvery !== 0) onProgress?.(counts.progress);
  const tokens = counts.ranked((maxTokens ?? Infinity) - specialTokens(mode).length, ['', '[UNK]']);
  const idf = mode === 'tfIdf' ? tokens.map((token) => counts.idf(token)) : null;
  return new Lookup(mode, tokens, idf && withMean(idf));
}

/** The vocabulary of a list. `idfWeights`: one for each of its entries, in `tfIdf` mode alone. */
export function given(
  vocabulary: readonly string[],
  idfWeights: ArrayLike<number> | null,
  { outputMode: mode, maxTokens }: Settings,
): Lookup {
  const tokens = givenTokens(vocabulary, mode, maxTokens);
  if ((mode === 'tfIdf') !== (idfWeights !== null))
    throw new Error(
      `TextVectorization: idfWeights go with a vocabulary and outputMode 'tfIdf', got outputMode '${mode}' and ` +
        `${idfWeights === null ? 'no' : 'some'} idfWeights`,
    );
  if (idfWeights && idfWeights.length !== vocabulary.length)
    throw new Error(
      `TextVectorization: expected ${vocabulary.length} idfWeights, one for each word, got ${idfWeights.length}`,
    );
  const complete = tokens.length < vocabulary.length;
  return new Lookup(
    mode,
    tokens,
    idfWeights && (complete ? Float32Array.from(idfWeights) : withMean(idfWeights)),
  );
}

/** Weights of the words and, before them, their mean for `[UNK]`, of which nobody knows how often it occurs. */
function withMean(weights: ArrayLike<number>): Float32Array {
  const all = new Float32Array(weights.length + 1);
  all.set(weights, 1);
  all[0] = all.reduce((sum, weight) => sum + weight, 0) / Math.max(1, weights.length);
  return all;
}

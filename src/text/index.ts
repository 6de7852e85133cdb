/** `gatefold/text`: what the course does with text before a network sees it. Pure TypeScript; no device is needed. */
export type { TextArray } from './arrays.ts';
export { bagOfNGrams, characterNGrams, ngrams } from './ngrams.ts';
export { padSequences } from './pad_sequences.ts';
export type { PadSequencesOptions, Sequence } from './pad_sequences.ts';
export type { Corpus } from './progress.ts';
export type { CorpusProgress } from './token_counts.ts';
export type { AdaptOptions } from './adapt.ts';
export { TextVectorization } from './vectorization.ts';
export type { VectorizeAllOptions } from './vectorize_all.ts';
export type { TextVectorizationConfig, TextVectorizationOptions } from './vectorization_options.ts';
export type { BuildOptions, BuildProgress } from './subword_build.ts';
export { SubwordEncoder } from './subword_encoder.ts';

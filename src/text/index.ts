/**
 * From texts to numbers: the entry `gatefold/text`. It needs no device. Names and defaults are those of Keras.
 *
 * @module
 */
export type { TextArray } from './text_array.ts';
export { bagOfNGrams, characterNGrams, letterNGrams, ngrams, wordHashing } from './ngrams.ts';
export type { WordHashingOptions } from './ngrams.ts';
export { padSequences } from './pad_sequences.ts';
export type { PadSequencesOptions, Sequence } from './pad_sequences.ts';
export type { Corpus } from './corpus.ts';
export type { CorpusProgress } from './token_counts.ts';
export type { AdaptOptions } from './vocabulary.ts';
export { TextVectorization } from './vectorization.ts';
export type { VectorizeAllOptions } from './vectorization.ts';
export type {
  TextVectorizationConfig,
  TextVectorizationOptions,
} from './vectorization_settings.ts';
export type { BuildOptions, BuildProgress } from './subword_build.ts';
export { SubwordEncoder } from './subword_encoder.ts';
export { hashCollisions, hashingTrick, oneHotHashing } from './hashing.ts';
export type { HashCollisions, HashingTrickOptions, HashOptions } from './hashing.ts';
export { oneHot } from './one_hot.ts';
export type { OneHotOptions } from './one_hot.ts';
export { makeSamplingTable, skipGrams } from './skip_grams.ts';
export type { SkipGrams, SkipGramsOptions } from './skip_grams.ts';
export { Tokenizer } from './tokenizer.ts';
export type { MatrixMode, TokenizerConfig, TokenizerOptions, Words } from './tokenizer.ts';
export { textToWordSequence } from './word_sequence.ts';
export type { WordOptions } from './word_sequence.ts';
export { teacherForcing } from './teacher_forcing.ts';
export type { TeacherForcingOptions } from './teacher_forcing.ts';

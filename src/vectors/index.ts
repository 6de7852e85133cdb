/**
 * Reading, training and using word vectors: the entry `gatefold/vectors`. Only training needs a device.
 *
 * @module
 */
export { WordVectors } from './word_vectors.ts';
export type { EmbeddingMatrix, Neighbour, Point, Vocabulary } from './word_vectors.ts';
export { readWordVectors } from './read_vectors.ts';
export type { ReadVectorsOptions } from './read_vectors.ts';
export type { TextFormatOptions } from './text_format.ts';
export { trainWordVectors } from './train.ts';
export type { TrainVectorsOptions, VectorsCheckpoint } from './hyperparameters.ts';
export type { TrainingProgress } from './loss_meter.ts';
export type { Sentences } from './word_counts.ts';

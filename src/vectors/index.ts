/** Word vectors, read and used: what `gatefold/vectors` exports. */
export { WordVectors } from './word_vectors.ts';
export type { Point } from './word_vectors.ts';
export type { Neighbour } from './closest.ts';
export type { EmbeddingMatrix, Vocabulary } from './embedding_matrix.ts';
export { readWordVectors } from './read_vectors.ts';
export type { ReadVectorsOptions } from './read_vectors.ts';
export type { TextFormatOptions } from './text_format.ts';

/**
 * Datasets that are read as a stream, and batches of them: the entry `gatefold/data`. It needs no device.
 *
 * @module
 */
export { Dataset } from './dataset.ts';
export type { BatchingOptions, PaddingOptions } from './stack.ts';
export type { Batched, StackedArray } from './elements.ts';
export type { BucketOptions } from './bucket.ts';
export type { ShuffleOptions } from './transforms.ts';
export type { SplitOptions } from './split.ts';
export { readLines } from './read_lines.ts';
export type { Source } from './read_lines.ts';
export type { Opener, SingleSource } from './source.ts';
export type { TextOptions } from './text.ts';
export { readTsv } from './read_tsv.ts';
export { readCsv } from './read_csv.ts';
export type { CsvOptions } from './read_csv.ts';
export type { CsvParser } from './csv_rows.ts';
export type { MalformedOptions, NamedRow, RowOf, TableOptions, TableReader } from './table.ts';
export type { RowOf as RowOfArrays } from './rows.ts';
export type { StatefulModel } from './begin_states.ts';
export type { ArrayValue, NumberLists, Shaped } from './elements.ts';
export type { Bytes } from '../bytes.ts';
export { readTar } from './tar.ts';
export type { ArchiveFile } from './tar.ts';
export { readAclImdb } from './acl_imdb.ts';
export type { AclImdbOptions, Review } from './acl_imdb.ts';
export { textStreams } from './text_streams.ts';
export type { TextStreamsBatch, TextStreamsOptions } from './text_streams.ts';

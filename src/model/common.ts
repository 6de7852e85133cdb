/** What modules that models load late share with what a program loads at once. */
import { fileIn } from '../formats/files.ts';
import { isRecord } from '../formats/records.ts';
import { ARRAYS } from '../formats/tensor_file.ts';
import { Network } from '../layers/network.ts';
import { compileOptions } from './compile.ts';
import { weightsOf } from './file_names.ts';
import { predictModel } from './predict.ts';
import { Stream } from './stream.ts';

/**
 * Each module that is loaded late passes it on, so that a bundler finds the same code shared by all of them, and puts it into one file. By what
 * each of them uses it would cut it into many small files, which take more.
 */
export const COMMON: readonly unknown[] = [
  ...[fileIn, isRecord, ARRAYS, Network, compileOptions, weightsOf, predictModel, Stream],
];

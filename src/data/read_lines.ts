/** Reads text files, one line per element. */
import { isBuffer } from '../bytes.ts';
import { checkNames } from '../options.ts';
import { Dataset } from './dataset.ts';
import type { Opener, SingleSource } from './source.ts';
import { linesOf, openText } from './text.ts';
import type { TextOptions } from './text.ts';

/** One source, or a list of sources that are read one after the other. */
export type Source = SingleSource | readonly (string | URL | Blob | Opener)[];

/** The sources in a list; a list of chunks is a single source. */
export function sourcesOf(source: Source): readonly SingleSource[] {
  if (!Array.isArray(source)) return [source as SingleSource];
  const list = source as readonly SingleSource[];
  return ArrayBuffer.isView(list[0]) || isBuffer(list[0]) ? [source as SingleSource] : list;
}

/**
 * The lines of text files, without line ends (`\n`, `\r\n`) but with empty lines. Gzipped files are decompressed.
 *
 * @throws Error while reading, if a source cannot be read
 */
export function readLines(source: Source, options: TextOptions = {}): Dataset<string> {
  checkNames('readLines', options, ['encoding', 'name']);
  return Dataset.fromGenerator(async function* () {
    for (const one of sourcesOf(source))
      for await (const { text } of linesOf(await openText(one, options))) yield text;
  });
}

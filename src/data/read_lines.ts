/** Text files, a line an element. */
import { Dataset } from './dataset.ts';
import type { Opener, SingleSource } from './source.ts';
import { linesOf, openText } from './text.ts';
import type { TextOptions } from './text.ts';

/** One source, or a list of them that are read one after the other. */
export type Source = SingleSource | readonly (string | URL | Blob | Opener)[];

/** The sources of a list; a list of chunks is one source. */
export function sourcesOf(source: Source): readonly SingleSource[] {
  if (!Array.isArray(source)) return [source as SingleSource];
  const list = source as readonly SingleSource[];
  return list[0] instanceof Uint8Array ? [source as SingleSource] : list;
}

/**
 * The lines of text files, without their ends (`\n`, `\r\n`), empty ones included. Gzipped files are unpacked.
 *
 * @throws Error where a source cannot be read, when it is read
 */
export function readLines(source: Source, options: TextOptions = {}): Dataset<string> {
  return Dataset.fromGenerator(async function* () {
    for (const one of sourcesOf(source))
      for await (const { text } of linesOf(await openText(one, options))) yield text;
  });
}

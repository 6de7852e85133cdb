/** Writes word vectors in the text formats of GloVe and word2vec. */
import type * as fs from 'node:fs/promises';
import { readOptions } from '../options.ts';
import { builtinModule } from '../runtime_modules.ts';

/** How vectors are written. */
export interface TextFormatOptions {
  /** Whether to write the first line of word2vec, `COUNT DIMENSION`; true by default. GloVe's files have none. */
  header?: boolean;
}

/** The first number after a space in a word: in a file it would be taken for a number of the vector. */
export function numberWithin(word: string): string | undefined {
  return word.split(' ').find((part, i) => i > 0 && part !== '' && Number.isFinite(Number(part)));
}

/** The rows of a matrix [words, dimension] with their words. */
interface Table {
  readonly words: readonly string[];
  readonly dimension: number;
  readonly matrix: Float32Array;
}

/** The lines of the file, with their ends. @throws Error if a word cannot be written into a line */
export function textOf(table: Table, options: TextFormatOptions): Generator<string> {
  // Here and not when the first line is asked for.
  const { header } = readOptions('toText', options, { header: true });
  return linesOf(table, header);
}

function* linesOf({ words, dimension, matrix }: Table, header: boolean): Generator<string> {
  const bad = words.find(
    (word) => word === '' || /[\n\r]|^ | $/.test(word) || numberWithin(word) !== undefined,
  );
  if (bad !== undefined)
    throw new Error(
      `expected words that can stand in a line, got ${JSON.stringify(bad)}; leave it out`,
    );
  if (header) yield `${words.length} ${dimension}\n`;
  for (let row = 0; row < words.length; row++) {
    let line = words[row];
    for (let i = row * dimension; i < (row + 1) * dimension; i++) line += ` ${shortest(matrix[i])}`;
    yield `${line}\n`;
  }
}

/** The number in as few digits as identify this float32, but at least 6. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

/** Writes a file in Node or Deno. The old one stays until the new one is complete. */
export async function writeText(path: string, lines: Iterable<string>): Promise<void> {
  const files = builtinModule<typeof fs>('node:fs/promises');
  if (!files)
    throw new Error(`save: there is no file system here to write '${path}'; use toText()`);
  const { writeWhole } = await import('../formats/write_whole.ts');
  await writeWhole(files, path, inPieces(lines));
}

/** The lines joined into pieces of 64 KiB or a little more. */
function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** Reads GloVe's and word2vec's text formats, in a stream. */
import { linesOf, openText } from '../data/text.ts';
import type { Line, TextOptions } from '../data/text.ts';
import type { SingleSource } from '../data/source.ts';
import { numberWithin } from './text_format.ts';
import { VectorList } from './vector_list.ts';
import type { WordVectors } from './word_vectors.ts';

export interface ReadVectorsOptions extends TextOptions {
  /** Reads only so many vectors, from the beginning: files have the most frequent words first. */
  limit?: number;
  /** Keeps only these words; reading ends when all are found. */
  words?: Iterable<string>;
}

/**
 * Reads a line a word: the word, then its numbers, with spaces between them; gzipped or not. A first line of two whole
 * numbers is word2vec's header (how many, of what dimension); GloVe's files have none. The dimension is the header's, or
 * that of the first line; a word may hold spaces, as some of glove.840B do (`. . .`, `at name@domain.com`), but no number after
 * one: that is a row with too many. Of a word that comes twice the first is kept.
 *
 * @param source a path (Node, Deno), address, File, stream, or iterable of bytes or text
 * @throws Error with file and line where a line has too few numbers, too many or one that is none, or the file ends too early
 */
export async function readWordVectors(
  source: SingleSource,
  options: ReadVectorsOptions = {},
): Promise<WordVectors> {
  const { limit = Infinity, words } = options;
  if (!(limit >= 1) || (limit !== Infinity && !Number.isInteger(limit)))
    throw new Error(`readWordVectors: expected a limit from 1 on, a whole number, got ${limit}`);
  const wanted = words && new Set(words);
  const text = await openText(source, options);
  let list: VectorList | null = null;
  let announced: number | null = null;
  let read = 0;
  let last = 0;
  for await (const line of linesOf(text)) {
    const fields = fieldsOf(line.text);
    last = line.line;
    if (line.line === 1 && isHeader(fields)) {
      const [count, dimension] = fields.map(Number);
      announced = count;
      list = new VectorList(dimension, Math.min(count, limit, wanted?.size ?? Infinity));
      continue;
    }
    if (fields.length === 1 && fields[0] === '') continue;
    list ??= new VectorList(dimensionOf(fields, line), Math.min(limit, wanted?.size ?? 1024));
    const word = wordOf(fields, list.dimension, line);
    if (!wanted || wanted.has(word)) list.add(word, (row) => parse(fields, row, line));
    if (++read === limit || list.words.length === wanted?.size) return list.finish();
  }
  if (!list) throw new Error(`${text.file}: expected word vectors, got an empty file`);
  if (announced !== null && read < announced)
    throw new Error(
      `${text.file}, line ${last}: expected ${announced} vectors, as the header says, got ${read}: the file is cut off`,
    );
  return list.finish();
}

/** At single spaces (word2vec ends lines with one): other white space may stand in words. */
function fieldsOf(text: string): string[] {
  return text.replace(/ +$/, '').split(' ');
}

function isHeader(fields: readonly string[]): boolean {
  return /^(0|[1-9]\d*) [1-9]\d*$/.test(fields.join(' '));
}

function dimensionOf(fields: readonly string[], line: Line): number {
  if (fields.length < 2)
    throw malformed(line, 'a word and its numbers', `'${line.text.slice(0, 40)}'`);
  return fields.length - 1;
}

/** What stands before the last `dimension` fields. */
function wordOf(fields: readonly string[], dimension: number, line: Line): string {
  const length = fields.length - dimension;
  if (length < 1)
    throw malformed(line, `${dimension} numbers after the word`, `${fields.length - 1}`);
  if (length === 1) return fields[0];
  const word = fields.slice(0, length).join(' ');
  const surplus = numberWithin(word);
  if (surplus !== undefined)
    throw malformed(
      line,
      `${dimension} numbers after the word`,
      `more: '${surplus}' is before them`,
    );
  return word;
}

function parse(fields: readonly string[], row: Float32Array, line: Line): void {
  const first = fields.length - row.length;
  for (let i = 0; i < row.length; i++) {
    const field = fields[first + i];
    // As it is stored: 1e39 would be infinite.
    const value = field === '' ? NaN : Math.fround(Number(field));
    if (!Number.isFinite(value))
      throw malformed(
        line,
        `${row.length} numbers after the word`,
        `'${field}' as number ${i + 1}`,
      );
    row[i] = value;
  }
}

function malformed({ file, line }: Line, expected: string, got: string): Error {
  return new Error(`${file}, line ${line}: expected ${expected}, got ${got}`);
}

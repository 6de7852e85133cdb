/** Reads the text formats of GloVe and word2vec as a stream. */
import { check, checkNames, COUNT } from '../options.ts';
import type { Check } from '../options.ts';
import { linesOf, openText } from '../data/text.ts';
import type { Line, TextOptions } from '../data/text.ts';
import type { SingleSource } from '../data/source.ts';
import { numberWithin } from './text_format.ts';
import { WordVectors } from './word_vectors.ts';

/** Which vectors `readWordVectors` keeps. */
export interface ReadVectorsOptions extends TextOptions {
  /** How many vectors to read, from the beginning of the file, where the most frequent words are; all by default. */
  limit?: number;
  /** Keeps only these words, and stops reading when all have been found. */
  words?: Iterable<string>;
}

const ITERABLE: Check = [
  'a list of words, or another iterable of them',
  (value) => typeof value === 'object' && value !== null && Symbol.iterator in value,
];

/**
 * Reads word vectors from text, gzipped or not. Each line has a word and its numbers, separated by spaces. If the first line is
 * two whole numbers, it is the header of word2vec (number of vectors and dimension); GloVe's files have none, and the first
 * vector determines the dimension. A word may contain spaces, like some of glove.840B (`. . .`, `at name@domain.com`), but no
 * number after a space: such a line has too many numbers. If a word occurs twice, its first vector is kept.
 *
 * @param source a path (Node, Deno), URL, File, stream, or iterable of bytes or text
 * @throws Error with file and line if a line has too few or too many numbers or something else in their place, or if the file
 *   ends too early
 */
export async function readWordVectors(
  source: SingleSource,
  options: ReadVectorsOptions = {},
): Promise<WordVectors> {
  checkNames('readWordVectors', options, ['limit', 'words', 'encoding', 'name']);
  const { limit = Infinity, words } = options;
  check('readWordVectors', 'words', words ?? [], ITERABLE);
  if (limit !== Infinity) check('readWordVectors', 'limit', limit, COUNT);
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

/** Splits at single spaces, since words may contain other white space; word2vec also ends lines with a space. */
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

/** The word: everything before the last `dimension` fields. */
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
    // Rounded to float32, as it is stored: 1e39 becomes infinite.
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

/** Collects word vectors while their number is still unknown. */
class VectorList {
  readonly dimension: number;
  readonly words: string[] = [];
  private readonly known = new Set<string>();
  private matrix: Float32Array;

  /** @param expected how many vectors to reserve memory for */
  constructor(dimension: number, expected: number) {
    this.dimension = dimension;
    // A header may claim any number, so at most 16 MiB are reserved in advance.
    this.matrix = new Float32Array(Math.min(expected * dimension, 2 ** 22));
  }

  /** Adds a word, unless it is there already. @param fill writes the vector into its row */
  add(word: string, fill: (row: Float32Array) => void): void {
    if (this.known.has(word)) return;
    const begin = this.words.length * this.dimension;
    const end = begin + this.dimension;
    if (end > this.matrix.length) {
      const larger = new Float32Array(Math.max(end, Math.ceil(this.matrix.length * 1.5)));
      larger.set(this.matrix);
      this.matrix = larger;
    }
    fill(this.matrix.subarray(begin, end));
    this.known.add(word);
    this.words.push(word);
  }

  finish(): WordVectors {
    const { words, dimension, matrix } = this;
    const length = words.length * dimension;
    return new WordVectors(
      words,
      dimension,
      matrix.length === length ? matrix : matrix.slice(0, length),
    );
  }
}

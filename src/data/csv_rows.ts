/** Papa Parse: what is used of its interface, how it is loaded, and how text is fed to it line by line. */
import { installedPackage } from '../installed_package.ts';
import { excerpt } from '../options.ts';
import type { FieldRow } from './table.ts';
import type { Text } from './text.ts';

/** What `readCsv` uses of Papa Parse. */
export interface CsvParser {
  /** Parses a text, and calls `step` for each row. */
  parse(
    text: string,
    config: {
      readonly delimiter: string;
      readonly quoteChar: string;
      readonly newline: '\n';
      step(result: CsvStep, handle: { abort(): void }): void;
    },
  ): unknown;
}

/** A row as Papa Parse gives it. @inline */
export interface CsvStep {
  readonly data: readonly string[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  /** Position in the text after the row. */
  readonly meta: { readonly cursor: number };
}

/** Loads Papa Parse. @throws Error if the package is not installed, or where a bundler has made one program of all packages */
export async function csvParser(): Promise<CsvParser> {
  try {
    const found = await installedPackage('papaparse');
    return (found as { default?: CsvParser }).default ?? (found as CsvParser);
  } catch (error) {
    throw new Error(
      "readCsv: the package 'papaparse', which parses CSV, cannot be loaded: run `npm install papaparse`, and in a page import it " +
        'there and pass its default export: readCsv(source, { parser: Papa })',
      { cause: error },
    );
  }
}

interface Marks {
  readonly delimiter: string;
  readonly quote: string;
}

/** A quote that is not closed within this many characters makes its row malformed. */
const LONGEST_QUOTE = 2 ** 20;
/** A row of more characters is malformed. */
const LONGEST_ROW = 2 ** 24;
const TOO_LONG = `a row of more than ${LONGEST_ROW} characters; has the file line ends?`;

/** Feeds text to the parser in pieces that end with a line, and counts lines. */
export async function* rowsOfCsv(
  { pieces }: Text,
  parser: CsvParser,
  marks: Marks,
): AsyncGenerator<FieldRow> {
  // Whole lines of a row that is not closed yet, and how many characters of them make it worth while to look again.
  let lines = '';
  let enough = 0;
  /** The beginning of a line; null where it is too long and its rest is left out. */
  let tail: string | null = '';
  let line = 1;
  const parsed = (longest: number): FieldRow[] => {
    const { rows, rest, restLine } = parseLines(parser, lines, line, marks, longest);
    lines = rest;
    line = restLine;
    enough = Math.min(2 * rest.length, LONGEST_QUOTE);
    return rows;
  };
  for await (const piece of pieces) {
    let begin = 0;
    if (tail === null) {
      begin = piece.indexOf('\n') + 1;
      if (begin === 0) continue;
      line++;
      tail = '';
    }
    // Only what is new is looked through: the beginning of a line may have come in many pieces.
    const end = piece.lastIndexOf('\n') + 1;
    if (end > begin) {
      lines += (tail + piece.slice(begin, end)).replaceAll('\r\n', '\n');
      tail = '';
      if (lines.length >= enough) yield* parsed(LONGEST_QUOTE);
    }
    tail += piece.slice(end);
    if (tail.length > LONGEST_ROW) {
      yield* parsed(0);
      yield { fields: [], line, problem: TOO_LONG };
      tail = null;
    }
  }
  lines += (tail ?? '').replace(/\r$/, '');
  if (lines !== '') yield* parsed(0);
}

/** @param longest an unclosed row with fewer characters than this may go on in the next piece: it is not malformed yet */
function parseLines(
  parser: CsvParser,
  text: string,
  firstLine: number,
  { delimiter, quote }: Marks,
  longest: number,
): { rows: FieldRow[]; rest: string; restLine: number } {
  const rows: FieldRow[] = [];
  let begin = 0;
  let line = firstLine;
  let isUnfinished = false;
  // How many characters to give to the parser. After a mistake it reads on to the end, so after one the window starts small
  // again; otherwise a text with many mistakes would be read many times.
  let window = text.length;
  while (begin < text.length && !isUnfinished) {
    const lineEnd = text.indexOf('\n', begin + window - 1);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    const part = text.slice(begin, end);
    window *= 2;
    // Without the last line end, after which the parser would see an empty row; but it accepts white space after a closing quote
    // only if a line end follows.
    const closed = /[\S\n]\n$/.test(part.slice(-2)) ? part.slice(0, -1) : part;
    // The parser removes a byte order mark at the start of its text, but within a file it is an ordinary character. An empty
    // row in front protects it and is skipped below.
    const lead = closed.startsWith('\uFEFF') ? '\n' : '';
    let at = 0;
    parser.parse(lead + closed, {
      delimiter,
      quoteChar: quote,
      newline: '\n',
      step({ data, errors, meta }, handle) {
        const rowEnd = meta.cursor - lead.length;
        const row = { fields: data, line };
        if (errors.length === 0) {
          if (rowEnd - at > LONGEST_ROW) rows.push({ fields: [], line, problem: TOO_LONG });
          else if (data.length > 1 || data[0] !== '' || closed.slice(at, rowEnd).trim() !== '')
            rows.push(row);
          line += newlines(closed, at, rowEnd);
          at = rowEnd;
          return;
        }
        handle.abort();
        const [error] = errors;
        if (error.code === 'MissingQuotes') {
          // The quote may be closed after the end of the window.
          if (end < text.length) return;
          isUnfinished = part.length - at < longest;
          if (isUnfinished) return;
        }
        window = 1;
        rows.push({ ...row, problem: `${error.message.toLowerCase()}: ${firstOf(closed, at)}` });
        // Continue with the next line.
        const next = closed.indexOf('\n', at);
        at = next < 0 ? closed.length : next + 1;
        if (next >= 0) line++;
      },
    });
    begin += at === closed.length ? part.length : at;
    if (at === closed.length && part !== closed) line++;
  }
  return { rows, rest: text.slice(begin), restLine: line };
}

function newlines(text: string, begin: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', begin); at >= 0 && at < end; at = text.indexOf('\n', at + 1))
    count++;
  return count;
}

function firstOf(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return excerpt(text.slice(at, end < 0 ? text.length : end));
}

/** Feeds text to the CSV parser in pieces that end at a line's end, and counts lines. */
import type { CsvParser } from './csv_parser.ts';
import { excerpt } from './table.ts';
import type { FieldRow } from './table.ts';
import type { Text } from './text.ts';

interface Marks {
  readonly delimiter: string;
  readonly quote: string;
}

/** A quoted field that is not closed within so many characters is a mistake, not a field. */
const LONGEST_ROW = 2 ** 20;

export async function* rowsOfCsv(
  { pieces }: Text,
  parser: CsvParser,
  marks: Marks,
): AsyncGenerator<FieldRow> {
  let waiting = '';
  let line = 1;
  for await (const piece of pieces) {
    waiting += piece;
    const end = waiting.lastIndexOf('\n') + 1;
    if (end === 0) continue;
    const lines = waiting.slice(0, end).replaceAll('\r\n', '\n');
    const { rows, rest, restLine } = parseLines(parser, lines, line, marks, LONGEST_ROW);
    yield* rows;
    waiting = rest + waiting.slice(end);
    line = restLine;
  }
  if (waiting !== '') yield* parseLines(parser, waiting.replace(/\r$/, ''), line, marks, 0).rows;
}

/** @param patience a row that is not closed is no mistake before there are so many characters after its beginning */
function parseLines(
  parser: CsvParser,
  text: string,
  firstLine: number,
  { delimiter, quote }: Marks,
  patience: number,
): { rows: FieldRow[]; rest: string; restLine: number } {
  const rows: FieldRow[] = [];
  let begin = 0;
  let line = firstLine;
  let waits = false;
  // How many characters the parser gets. It reads on behind a mistake, which would be all of them at each one.
  let window = text.length;
  while (begin < text.length && !waits) {
    const lineEnd = text.indexOf('\n', begin + window - 1);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    const part = text.slice(begin, end);
    window *= 2;
    // Without its last line end, after which the parser would see an empty row; but it takes spaces behind a quote only
    // where a line end follows.
    const closed = /[^ ]\n$/.test(part.slice(-2)) ? part.slice(0, -1) : part;
    // The parser leaves out a byte order mark that its text begins with; within a file it is a character. So an empty row
    // stands before it, which is left out below.
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
          if (data.length > 1 || data[0] !== '' || closed.slice(at, rowEnd).trim() !== '')
            rows.push(row);
          line += newlines(closed, at, rowEnd);
          at = rowEnd;
          return;
        }
        handle.abort();
        const [error] = errors;
        if (error.code === 'MissingQuotes') {
          // The quote may be closed behind the window.
          if (end < text.length) return;
          waits = part.length - at < patience;
          if (waits) return;
        }
        window = 1;
        rows.push({ ...row, problem: `${error.message.toLowerCase()}: ${firstOf(closed, at)}` });
        // Reading goes on in the next line.
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

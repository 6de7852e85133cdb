/** Turns rows of fields into elements: names columns, parses numbers, detects malformed rows. */
import { check, checkNames, excerpt, FLAG, LIST, show } from '../options.ts';
import { Dataset } from './dataset.ts';
import { sourcesOf } from './read_lines.ts';
import type { Source } from './read_lines.ts';
import { messageOf } from './files.ts';
import { openText } from './text.ts';
import type { Text, TextOptions } from './text.ts';

/** A row of the file. `problem` describes why it is malformed. */
export interface FieldRow {
  readonly fields: readonly string[];
  readonly line: number;
  readonly problem?: string;
}

/** What happens to a row that is not as it should be. */
export interface MalformedOptions {
  /** `throw` (default): an error that names file and line; `skip`: the row is skipped and counted in `dataset.skipped`. */
  onMalformed?: 'throw' | 'skip';
}

/** The columns of a table, for `readTsv` and `readCsv`. */
export interface TableOptions extends TextOptions, MalformedOptions {
  /** Whether the first row of every file contains the column names; false by default. */
  header?: boolean;
  /** Names of the columns, for files without a header or instead of the names in it. */
  columns?: readonly string[];
  /** Columns that contain numbers, by name, or by position from 0 if columns have no names. */
  numbers?: readonly (string | number)[];
}

/** An element of a table with columns named C, of which those in N contain numbers. */
export type RowOf<C extends string, N> = { readonly [K in C]: K extends N ? number : string };
/** An element of a table whose columns are named by its header. */
export type NamedRow<N extends string> = Readonly<Record<N, number>> &
  Readonly<Record<string, string | number>>;

/** A function that reads tables: the type of their rows follows from its options. */
export interface TableReader<Options extends TableOptions> {
  <const C extends readonly string[], const N extends readonly C[number][] = readonly []>(
    source: Source,
    options: Options & { columns: C; numbers?: N },
  ): Dataset<RowOf<C[number], N[number]>>;
  <const N extends readonly string[] = readonly []>(
    source: Source,
    options: Options & { header: true; numbers?: N },
  ): Dataset<NamedRow<N[number]>>;
  (source: Source, options: Options & { numbers: readonly number[] }): Dataset<(string | number)[]>;
  (source: Source, options?: Options): Dataset<string[]>;
}

const NAMES: readonly (keyof TableOptions)[] = [
  ...(['header', 'columns', 'numbers', 'onMalformed', 'encoding', 'name'] as const),
];

/**
 * A dataset of the rows of a table. A row is malformed if its number of fields differs from the number of columns (without
 * names: of fields in the first row), or if a column of numbers contains something else.
 *
 * @param what named in errors @param more names of further options that it takes
 */
export function tableOf(
  what: string,
  source: Source,
  options: TableOptions,
  rowsOf: (text: Text) => AsyncIterable<FieldRow>,
  more: readonly string[] = [],
): Dataset<unknown> {
  checkNames(what, options, [...NAMES, ...more]);
  check(what, 'header', options.header ?? false, FLAG);
  check(what, 'columns', options.columns ?? [], LIST);
  check(what, 'numbers', options.numbers ?? [], LIST);
  const tally = new Tally(options);
  async function* rowsOfFile(text: Text): AsyncGenerator<unknown> {
    let convert =
      options.columns && !options.header ? converter(options.columns, options.numbers ?? []) : null;
    for await (const { fields, line, problem } of rowsOf(text)) {
      if (problem !== undefined) {
        if (convert === null && options.header)
          throw new Error(`${text.file}, line ${line}: expected a header, got ${problem}`);
        tally.malformed(text.file, line, problem);
        continue;
      }
      if (convert === null) {
        const names = options.header ? (options.columns ?? fields) : null;
        checkHeader(fields, names, text.file);
        convert = converter(names ?? fields.length, options.numbers ?? []);
        if (options.header) continue;
      }
      try {
        yield convert(fields);
      } catch (error) {
        if (!(error instanceof MalformedRow)) throw error;
        tally.malformed(text.file, line, messageOf(error));
      }
    }
  }
  return Dataset.fromGenerator(
    async function* () {
      tally.skipped = 0;
      for (const one of sourcesOf(source)) yield* rowsOfFile(await openText(one, options));
    },
    { tally },
  );
}

/** Throws at malformed rows, or skips and counts them. */
export class Tally {
  /** Malformed rows skipped since the latest epoch began. */
  skipped = 0;
  private readonly throws: boolean;

  constructor({ onMalformed = 'throw' }: MalformedOptions) {
    if (onMalformed !== 'throw' && onMalformed !== 'skip')
      throw new Error(`onMalformed: expected 'throw' or 'skip', got ${show(onMalformed)}`);
    this.throws = onMalformed === 'throw';
  }

  malformed(file: string, line: number, problem: string, cause?: unknown): void {
    if (this.throws) throw new Error(`${file}, line ${line}: ${problem}`, { cause });
    this.skipped++;
  }
}

class MalformedRow extends Error {}

function checkHeader(
  fields: readonly string[],
  names: readonly string[] | null,
  file: string,
): void {
  if (names && fields.length !== names.length)
    throw new Error(
      `${file}: expected a header of ${names.length} columns, as in columns, got ${fields.length}: ${excerpt(fields.join(', '))}`,
    );
  if (names && new Set(names).size !== names.length)
    throw new Error(
      `${file}: expected columns of different names, got ${excerpt(names.join(', '), 300)}; pass columns`,
    );
}

/** A function from fields to an element. @param columns their names, or how many there are */
function converter(
  columns: readonly string[] | number,
  numbers: readonly unknown[],
): (fields: readonly string[]) => unknown {
  const names =
    typeof columns === 'number' ? Array.from({ length: columns }, (_, i) => i) : columns;
  const isNumber = names.map((name) => numbers.includes(name));
  for (const name of numbers)
    if (!(names as readonly unknown[]).includes(name))
      throw new Error(
        `numbers: expected columns of ${names.map(show).join(', ')}, got ${show(name)}`,
      );
  return (fields) => {
    if (fields.length !== names.length)
      throw new MalformedRow(
        `expected ${names.length} fields, got ${fields.length}: ${excerpt(fields.join(' | '))}`,
      );
    const values = fields.map((field, i) => (isNumber[i] ? numberOf(field, names[i]) : field));
    if (typeof columns === 'number') return values;
    return Object.fromEntries(values.map((value, i) => [columns[i], value]));
  };
}

function numberOf(field: string, column: string | number): number {
  const value = field.trim() === '' ? NaN : Number(field);
  if (Number.isFinite(value)) return value;
  throw new MalformedRow(`expected a number in column ${column}, got '${excerpt(field)}'`);
}

/** Reads tab-separated files. */
import type { Dataset } from './dataset.ts';
import type { Source } from './read_lines.ts';
import { tableOf } from './table.ts';
import type { FieldRow, NamedRow, RowOf, TableOptions } from './table.ts';
import { linesOf } from './text.ts';
import type { Text } from './text.ts';

/**
 * Reads files with one row per line and tabs between fields. There are no quotes: a `"` is an ordinary character, and a field
 * cannot contain a tab or a line end (for files with quotes use `readCsv` with `delimiter: '\t'`). Empty lines are skipped.
 *
 * @returns rows: objects by column name if there is a `header` or `columns`, otherwise lists of fields
 * @throws Error with file and line when a malformed row is read, unless `onMalformed: 'skip'`
 */
export function readTsv<
  const C extends readonly string[],
  const N extends readonly C[number][] = readonly [],
>(
  source: Source,
  options: TableOptions & { columns: C; numbers?: N },
): Dataset<RowOf<C[number], N[number]>>;
export function readTsv<const N extends readonly string[] = readonly []>(
  source: Source,
  options: TableOptions & { header: true; numbers?: N },
): Dataset<NamedRow<N[number]>>;
export function readTsv(
  source: Source,
  options: TableOptions & { numbers: readonly number[] },
): Dataset<(string | number)[]>;
export function readTsv(source: Source, options?: TableOptions): Dataset<string[]>;
export function readTsv(source: Source, options: TableOptions = {}): Dataset<unknown> {
  return tableOf(source, options, splitLines);
}

async function* splitLines(text: Text): AsyncGenerator<FieldRow> {
  for await (const { text: row, line } of linesOf(text))
    if (row !== '') yield { fields: row.split('\t'), line };
}

/** Tab-separated files. */
import type { Dataset } from './dataset.ts';
import type { Source } from './read_lines.ts';
import { tableOf } from './table.ts';
import type { FieldRow, NamedRow, RowOf, TableOptions } from './table.ts';
import { linesOf } from './text.ts';
import type { Text } from './text.ts';

/**
 * Files of one row a line, fields between tabs. There are no quotes: a `"` is a character like others, and no field
 * holds a tab or a line end (for tables with quotes: `readCsv` with `delimiter: '\t'`). Empty lines are left out.
 *
 * @returns rows: objects by column name with `header` or `columns`, else lists of fields
 * @throws Error with file and line at a malformed row, when it is read; unless `onMalformed: 'skip'`
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

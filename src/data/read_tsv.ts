/** Reads tab-separated files. */
import type { Source } from './read_lines.ts';
import { tableOf } from './table.ts';
import type { FieldRow, TableOptions, TableReader } from './table.ts';
import { linesOf } from './text.ts';
import type { Text } from './text.ts';

/**
 * Reads files with one row per line and tabs between fields. There are no quotes: a `"` is an ordinary character, and a field
 * cannot contain a tab or a line end (for files with quotes use `readCsv` with `delimiter: '\t'`). Empty lines are skipped.
 *
 * @returns rows: objects by column name if there is a `header` or `columns`, otherwise lists of fields
 * @throws Error with file and line when a malformed row is read, unless `onMalformed: 'skip'`
 */
export const readTsv = ((source: Source, options: TableOptions = {}) =>
  tableOf('readTsv', source, options, splitLines)) as TableReader<TableOptions>;

async function* splitLines(text: Text): AsyncGenerator<FieldRow> {
  for await (const { text: row, line } of linesOf(text))
    if (row !== '') yield { fields: row.split('\t'), line };
}

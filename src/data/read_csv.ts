/** Comma-separated files, with quotes. */
import { check, show } from '../options.ts';
import type { Check } from '../options.ts';
import { csvParser, rowsOfCsv } from './csv_rows.ts';
import type { CsvParser } from './csv_rows.ts';
import type { Source } from './read_lines.ts';
import { tableOf } from './table.ts';
import type { FieldRow, TableOptions, TableReader } from './table.ts';
import type { Text } from './text.ts';

/** How `readCsv` reads: beside these, the columns and what happens to malformed rows. */
export interface CsvOptions extends TableOptions {
  /** The character between fields; `,` by default. */
  delimiter?: string;
  /** The character around fields that contain delimiters, line ends or (doubled) quotes; `"` by default. */
  quote?: string;
  /** Papa Parse, where it cannot be found by its name when it is needed: in what a bundler has made, and in a page without an import map. */
  parser?: CsvParser;
}

const PARSER: Check = [
  'Papa, the default export of papaparse',
  (value) => typeof (value as CsvParser).parse === 'function',
];

/**
 * Reads CSV files (RFC 4180) with Papa Parse: the package `papaparse` is an optional peer dependency, loaded when the first row
 * is read. Bundlers do not follow it: a page hands it over, `readCsv(source, { parser: Papa })`. Line ends in quoted fields become `\n`. Empty lines are skipped.
 *
 * A row of more than 2^24 characters is malformed, as is one with a quote that is not closed within 2^20 characters, or is followed by
 * anything but a delimiter. If malformed rows are skipped, reading continues with the next line.
 *
 * @returns rows: objects by column name if there is a `header` or `columns`, otherwise lists of fields
 * @throws Error with file and line when a malformed row is read, unless `onMalformed: 'skip'`
 */
export const readCsv = ((source: Source, options: CsvOptions = {}) => {
  const { delimiter = ',', quote = '"' } = options;
  for (const [name, value] of Object.entries({ delimiter, quote }))
    if (typeof value !== 'string' || value.length !== 1 || value === '\n' || value === '\r')
      throw new Error(`readCsv: expected ${name} to be one character, got ${show(value)}`);
  if (delimiter === quote)
    throw new Error(
      `readCsv: expected different delimiter and quote, got ${JSON.stringify(quote)} for both`,
    );
  const rows = async function* (text: Text): AsyncGenerator<FieldRow> {
    const parser = options.parser ?? (await csvParser());
    check('readCsv', 'parser', parser, PARSER);
    yield* rowsOfCsv(text, parser, { delimiter, quote });
  };
  return tableOf('readCsv', source, options, rows, ['delimiter', 'quote', 'parser']);
}) as TableReader<CsvOptions>;

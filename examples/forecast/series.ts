import Papa from 'papaparse';
import { readCsv } from '../../src/data/index.ts';
import type { CsvParser, Source } from '../../src/data/index.ts';

export interface Series {
  /** The name of the column. */
  readonly name: string;
  /** The values of the first column (apart from that of `where`): usually dates. */
  readonly times: readonly string[];
  readonly values: readonly number[];
  /** How many values were missing; each is replaced by the one before. */
  readonly filled: number;
}

/**
 * Reads one column of a CSV file with a header, plain or gzipped.
 *
 * @param column the name of the column; the last one by default
 * @param where a column and its value in the rows to read; by default all rows
 * @throws Error if there is no such column, or no number in it
 */
export async function readSeries(
  source: Source,
  { column, where }: { column?: string; where?: readonly [column: string, value: string] } = {},
): Promise<Series> {
  const [times, values]: [string[], number[]] = [[], []];
  let name = column;
  let filled = 0;
  for await (const row of readCsv(source, { header: true, parser: Papa as CsvParser })) {
    if (where && row[where[0]] !== where[1]) continue;
    const columns = Object.keys(row).filter((key) => key !== where?.[0]);
    name ??= columns.at(-1)!;
    if (!(name in row))
      throw new Error(`expected a column of ${columns.join(', ')}, got ${name}; pass --column`);
    const text = String(row[name]).trim();
    const value = text === '' ? NaN : Number(text);
    // Rows before the first value are skipped.
    if (!Number.isFinite(value) && values.length === 0) continue;
    if (!Number.isFinite(value)) filled++;
    times.push(String(row[columns[0]]));
    values.push(Number.isFinite(value) ? value : values.at(-1)!);
  }
  if (values.length === 0) throw new Error(`expected numbers in the column ${name}, found none`);
  return { name: name!, times, values, filled };
}

/** Positions on an axis: dates if all times are ISO 8601 dates, otherwise 0, 1, 2, ... */
export const axisOf = ({ times }: Series): (Date | number)[] =>
  times.every((time) => /^\d{4}-\d{2}/.test(time) && !Number.isNaN(Date.parse(time)))
    ? times.map((time) => new Date(time))
    : times.map((_, i) => i);

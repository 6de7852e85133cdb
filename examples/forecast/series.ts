import { readCsv } from '../../src/data/index.ts';
import type { Source } from '../../src/data/index.ts';

export interface Series {
  /** Of the column. */
  readonly name: string;
  /** What stands in the first column that is not chosen by `where`: dates, as a rule. */
  readonly times: readonly string[];
  readonly values: readonly number[];
  /** Values that were missing: each is that of the step before. */
  readonly filled: number;
}

/**
 * One column of a CSV file with a header, plain or gzipped, in the order of the file.
 *
 * @param column by name; the last one by default
 * @param where the rows to take, by their value in a column
 * @throws Error where there is no such column, or no number in it
 */
export async function readSeries(
  source: Source,
  { column, where }: { column?: string; where?: readonly [column: string, value: string] } = {},
): Promise<Series> {
  const [times, values]: [string[], number[]] = [[], []];
  let name = column;
  let filled = 0;
  for await (const row of readCsv(source, { header: true })) {
    if (where && row[where[0]] !== where[1]) continue;
    const columns = Object.keys(row).filter((key) => key !== where?.[0]);
    name ??= columns.at(-1)!;
    if (!(name in row))
      throw new Error(`expected a column of ${columns.join(', ')}, got ${name}; pass --column`);
    const text = String(row[name]).trim();
    const value = text === '' ? NaN : Number(text);
    // What is missing before the first value is left out.
    if (!Number.isFinite(value) && values.length === 0) continue;
    if (!Number.isFinite(value)) filled++;
    times.push(String(row[columns[0]]));
    values.push(Number.isFinite(value) ? value : values.at(-1)!);
  }
  if (values.length === 0) throw new Error(`expected numbers in the column ${name}, found none`);
  return { name: name!, times, values, filled };
}

/** Places on an axis: dates where the times are dates as in ISO 8601, otherwise 0, 1, 2, ... */
export const axisOf = ({ times }: Series): (Date | number)[] =>
  times.every((time) => /^\d{4}-\d{2}/.test(time) && !Number.isNaN(Date.parse(time)))
    ? times.map((time) => new Date(time))
    : times.map((_, i) => i);

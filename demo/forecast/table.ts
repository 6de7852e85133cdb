/** A CSV file that the reader drops: its columns of numbers. */

export interface Column {
  readonly name: string;
  readonly values: readonly number[];
}

/** What is used of Papa Parse, which has no types. */
interface Parser {
  parse(
    csv: string,
    options: { readonly skipEmptyLines: boolean },
  ): { readonly data: readonly string[][] };
}

/** A column counts where so many of its cells are numbers. */
const NUMBERS = 0.9;

/** Papa Parse is loaded for this alone. @throws Error where no column has numbers */
export async function columnsOf(csv: string): Promise<Column[]> {
  const { default: parser } = await import('papaparse');
  const { data } = (parser as Parser).parse(csv.trim(), { skipEmptyLines: true });
  const isNumber = (cell: string | undefined) => cell?.trim() !== '' && Number.isFinite(Number(cell)); // prettier-ignore
  const headed = data.length > 1 && data[0].some((cell, i) => !isNumber(cell) && isNumber(data[1][i])); // prettier-ignore
  const rows = headed ? data.slice(1) : data;
  const columns = (rows[0] ?? []).flatMap((_, i): Column[] => {
    const values = rows.filter((row) => isNumber(row[i])).map((row) => Number(row[i]));
    if (values.length < NUMBERS * rows.length) return [];
    return [{ name: headed ? data[0][i] : `column ${i + 1}`, values }];
  });
  if (columns.length === 0)
    throw new Error(
      `expected a CSV file with a column of numbers, got ${rows.length} rows without one`,
    );
  return columns;
}

/** As many of the last numbers as fit. @param longest characters */
export function textOf(values: readonly number[], longest: number): string {
  const words: string[] = [];
  let length = 0;
  for (const value of [...values].reverse()) {
    const word = String(Number(value.toPrecision(5)));
    length += word.length + 1;
    if (length > longest) break;
    words.push(word);
  }
  return words.reverse().join(' ');
}

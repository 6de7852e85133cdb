/** Prints rows and targets as tables. */
import type { Judged } from '../targets.ts';
import type { Row } from './rows.ts';

export function addNote(row: Row, text: string): void {
  row.note = row.note === '' ? text : `${row.note}; ${text}`;
}

/** A number with three significant digits. */
export function figures(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 6));
}

/** A table as text: columns are as wide as their widest cell, and numbers are right-aligned. */
export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...lines.map((line) => line[i].length)),
  );
  const show = (cells: readonly string[]) =>
    cells
      .map((cell, i) =>
        /^[\d.]+%?$/.test(cell) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]),
      )
      .join('  ')
      .trimEnd();
  return [show(head), show(widths.map((width) => '-'.repeat(width))), ...lines.map(show)].join(
    '\n',
  );
}

export function rowsTable(rows: readonly Row[]): string {
  const number = (value: number | null) => (value === null ? '' : figures(value));
  return table(
    ['workload', 'contender', 'median ms', 'min', 'max', 'spread', 'n', 'loss', 'note'],
    rows.map((row) => [
      row.workload,
      row.contender,
      number(row.median_ms),
      number(row.min_ms),
      number(row.max_ms),
      row.spread === null ? '' : `${Math.round(100 * row.spread)}%`,
      String(row.n),
      row.loss_first === null ? '' : `${row.loss_first.toFixed(4)} -> ${row.loss_last!.toFixed(4)}`,
      row.note,
    ]),
  );
}

export function targetsTable(judged: readonly Judged[]): string {
  return table(
    ['target', 'measured', 'allowed', '', ''],
    judged.map(({ text, value, runs, limit, met }) => [
      text,
      figures(value),
      figures(limit),
      met ? 'met' : 'NOT met',
      runs.length > 1 ? `median of ${runs.map(figures).join(', ')}` : '',
    ]),
  );
}

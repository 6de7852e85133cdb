/** What becomes of rows that are not as they should be. */
export interface MalformedOptions {
  /** `throw`, the default, ends with an error that names file and line; `skip` leaves the row out and counts it in `dataset.skipped`. */
  onMalformed?: 'throw' | 'skip';
}

export class Tally {
  /** Since the epoch last begun. */
  skipped = 0;
  private readonly throws: boolean;

  constructor({ onMalformed = 'throw' }: MalformedOptions) {
    if (onMalformed !== 'throw' && onMalformed !== 'skip')
      throw new Error(`onMalformed: expected 'throw' or 'skip', got '${String(onMalformed)}'`);
    this.throws = onMalformed === 'throw';
  }

  malformed(file: string, line: number, problem: string, cause?: unknown): void {
    if (this.throws) throw new Error(`${file}, line ${line}: ${problem}`, { cause });
    this.skipped++;
  }
}

/** Throws at malformed rows, or skips and counts them. */

export interface MalformedOptions {
  /** `throw` (default): an error that names file and line; `skip`: the row is skipped and counted in `dataset.skipped`. */
  onMalformed?: 'throw' | 'skip';
}

export class Tally {
  /** Malformed rows skipped since the latest epoch began. */
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

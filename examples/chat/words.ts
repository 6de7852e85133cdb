// Words and their numbers.
import type { Dialogue } from './dialogues.ts';

export const PADDING = 0;
export const START = 1;
export const STOP = 2;
/** Between two lines, and a word that is in no dialogue to learn from. */
const LINE = 3;
const UNKNOWN = 4;
const FIRST = 5;

export class Words {
  readonly all: readonly string[];
  private readonly ids: ReadonlyMap<string, number>;

  constructor(dialogues: readonly Dialogue[]) {
    const texts = dialogues.flatMap(({ lines, answer }) => [...lines, answer]);
    this.all = [...new Set(texts.flatMap((text) => text.split(' ')))].sort();
    this.ids = new Map(this.all.map((word, i) => [word, FIRST + i]));
  }

  /** How many ids there are. */
  get size(): number {
    return FIRST + this.all.length;
  }

  idsOf(text: string): number[] {
    return text.split(' ').map((word) => this.ids.get(word) ?? UNKNOWN);
  }

  /** The lines of a dialogue, one after the other. */
  idsOfLines(lines: readonly string[]): number[] {
    return lines.flatMap((line, i) => (i === 0 ? this.idsOf(line) : [LINE, ...this.idsOf(line)]));
  }

  wordOf(id: number): string {
    return this.all[id - FIRST] ?? '?';
  }
}

/** Rows of ids, each padded on the right. */
export function padded(rows: readonly (readonly number[])[]): {
  data: Int32Array;
  shape: number[];
} {
  const time = Math.max(...rows.map((row) => row.length));
  const data = new Int32Array(rows.length * time).fill(PADDING);
  rows.forEach((row, i) => data.set(row, i * time));
  return { data, shape: [rows.length, time] };
}

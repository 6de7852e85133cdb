/** The last two steps of `TextVectorization`: tokens become numbers, and these a row of the output. */
import type { TextArray } from './arrays.ts';
import { padSequences } from './pad_sequences.ts';

export const OUTPUT_MODES = ['int', 'multiHot', 'count', 'tfIdf'] as const;
export type OutputMode = (typeof OUTPUT_MODES)[number];

/** What stands at the places before the first word: padding in `int` mode alone. */
export function specialTokens(mode: OutputMode): string[] {
  return mode === 'int' ? ['', '[UNK]'] : ['[UNK]'];
}

export class Lookup {
  readonly mode: OutputMode;
  /** Every token at its number, the special ones first. */
  readonly vocabulary: readonly string[];
  /** A weight a token, in `tfIdf` mode. */
  readonly idfWeights: Float32Array | null;
  private readonly index: ReadonlyMap<string, number>;
  private readonly unknown: number;

  /**
   * @param tokens without the special ones, each once
   * @param idfWeights one for each of the vocabulary, the special tokens included
   */
  constructor(mode: OutputMode, tokens: readonly string[], idfWeights: Float32Array | null = null) {
    const special = specialTokens(mode);
    this.mode = mode;
    this.vocabulary = [...special, ...tokens];
    this.idfWeights = idfWeights;
    this.index = new Map(tokens.map((token, k) => [token, special.length + k]));
    this.unknown = special.length - 1;
  }

  private idOf(token: string): number {
    return this.index.get(token) ?? this.unknown;
  }

  /**
   * [rows, length]: numbers, 0 after the last; as long as the longest row where `length` is null. That is at least one
   * step of padding, where Keras gives none, since no layer can fold over nothing.
   */
  ids(rows: readonly (readonly string[])[], length: number | null): TextArray<Int32Array> {
    const ids = rows.map((row) => row.map((token) => (token === '' ? 0 : this.idOf(token))));
    const maxlen = length ?? ids.reduce((most, row) => Math.max(most, row.length), 1);
    return padSequences(ids, { maxlen, padding: 'post', truncating: 'post' });
  }

  /** [rows, width]: what the mode says of each token of the vocabulary. */
  weights(rows: readonly (readonly string[])[], width: number): TextArray<Float32Array> {
    const data = new Float32Array(rows.length * width);
    rows.forEach((row, r) => {
      const counts = new Map<number, number>();
      for (const token of row) {
        // The empty token stands for a masked step and has no column.
        if (token === '') continue;
        const id = this.idOf(token);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      for (const [id, count] of counts) data[r * width + id] = this.weight(id, count);
    });
    return { data, shape: [rows.length, width] };
  }

  private weight(id: number, count: number): number {
    if (this.mode === 'multiHot') return 1;
    return this.mode === 'count' ? count : count * this.idfWeights![id];
  }
}

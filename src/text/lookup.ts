/** The last two steps of `TextVectorization`: tokens to ids, and ids to a row of the output. */
import { sizeFor } from './checks.ts';
import type { TextArray } from './text_array.ts';
import { padSequences } from './pad_sequences.ts';

export const OUTPUT_MODES = ['int', 'multiHot', 'count', 'tfIdf'] as const;
export type OutputMode = (typeof OUTPUT_MODES)[number];

/** The tokens before the first word: unknown words and, only in `int` mode, padding. */
export function specialTokens(mode: OutputMode): string[] {
  return mode === 'int' ? ['', '[UNK]'] : ['[UNK]'];
}

export class Lookup {
  readonly mode: OutputMode;
  /** The token of each id, special tokens first. */
  readonly vocabulary: readonly string[];
  /** The weight of each token, in `tfIdf` mode; null in the others. */
  readonly idfWeights: Float32Array | null;
  private readonly index: ReadonlyMap<string, number>;
  private readonly unknown: number;

  /**
   * @param tokens distinct, without the special tokens
   * @param idfWeights one for each entry of the vocabulary, special tokens included
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
   * Ids [rows, length], padded at the end with 0; without `length`, as long as the longest row. Rows without any token get
   * one step of padding, where Keras has none, because a recurrent layer needs at least one time step.
   */
  ids(rows: readonly (readonly string[])[], length: number | null): TextArray<Int32Array> {
    const ids = rows.map((row) => row.map((token) => (token === '' ? 0 : this.idOf(token))));
    const maxlen = length ?? ids.reduce((most, row) => Math.max(most, row.length), 1);
    return padSequences(ids, { maxlen, padding: 'post', truncating: 'post' });
  }

  /** [rows, width]: for each token of the vocabulary whether it occurs, how often, or how often times its weight. */
  weights(rows: readonly (readonly string[])[], width: number): TextArray<Float32Array> {
    const data = new Float32Array(sizeFor('TextVectorization', rows.length, width));
    rows.forEach((row, r) => {
      const counts = new Map<number, number>();
      for (const token of row) {
        // The empty token means padding and has no column.
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

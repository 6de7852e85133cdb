// Tokens and their ids.
import type { Pair } from './pairs.ts';

export const [PADDING, UNKNOWN, START, STOP] = [0, 1, 2, 3] as const;
/** Ids that are no tokens of a text. */
export const RESERVED = 4;

export class Vocabulary {
  readonly tokens: readonly string[];
  private readonly ids: ReadonlyMap<string, number>;

  /** The tokens of some sequences, in alphabetical order. */
  constructor(sequences: readonly (readonly string[])[]) {
    this.tokens = [...new Set(sequences.flat())].sort();
    this.ids = new Map(this.tokens.map((token, i) => [token, RESERVED + i]));
  }

  /** The number of ids. */
  get size(): number {
    return RESERVED + this.tokens.length;
  }

  encode(tokens: readonly string[]): number[] {
    return tokens.map((token) => this.ids.get(token) ?? UNKNOWN);
  }

  decode(ids: readonly number[]): string[] {
    return ids.map((id) => this.tokens[id - RESERVED] ?? '?');
  }
}

export interface Vocabularies {
  readonly source: Vocabulary;
  readonly target: Vocabulary;
}

export const vocabulariesOf = (pairs: readonly Pair[]): Vocabularies => ({
  source: new Vocabulary(pairs.map(({ source }) => source)),
  target: new Vocabulary(pairs.flatMap(({ targets }) => targets)),
});

/** Counts the tokens of a corpus and ranks them for a vocabulary. */
import { compareCodePoints, detached } from './unicode.ts';

/** How much of a corpus `adapt` has read. */
export interface CorpusProgress {
  /** Texts read. */
  texts: number;
  /** Tokens in them. */
  tokens: number;
  /** Distinct tokens among them. */
  distinct: number;
}

/** Memory use grows with the number of distinct tokens, not with that of texts. */
export class TokenCounts {
  private readonly counts = new Map<string, number>();
  /** In how many texts each token occurs; null if that is not needed. */
  private readonly documents: Map<string, number> | null;
  private texts = 0;
  private tokens = 0;

  constructor(perDocument: boolean) {
    this.documents = perDocument ? new Map() : null;
  }

  get progress(): CorpusProgress {
    return { texts: this.texts, tokens: this.tokens, distinct: this.counts.size };
  }

  /** Counts the tokens of one text. */
  add(tokens: readonly string[]): void {
    this.texts++;
    this.tokens += tokens.length;
    for (const token of tokens) countToken(this.counts, token);
    if (this.documents) for (const token of new Set(tokens)) countToken(this.documents, token);
  }

  /**
   * The `limit` most frequent tokens, without the `special` ones. Equally frequent ones are in descending order of code
   * points, as in Keras, which sorts by count and token and then reverses.
   */
  ranked(limit: number, special: readonly string[]): string[] {
    return [...this.counts]
      .filter(([token]) => !special.includes(token))
      .sort(([a, m], [b, n]) => n - m || compareCodePoints(b, a))
      .slice(0, limit)
      .map(([token]) => token);
  }

  /** Inverse document frequency as in Keras: log(1 + texts / (1 + texts with the token)). */
  idf(token: string): number {
    return Math.log(1 + this.texts / (1 + (this.documents?.get(token) ?? 0)));
  }
}

/** Adds one to the count of a token, without keeping the text in memory that it was cut from. */
export function countToken(counts: Map<string, number>, token: string): void {
  const before = counts.get(token);
  if (before === undefined) counts.set(detached(token), 1);
  else counts.set(token, before + 1);
}

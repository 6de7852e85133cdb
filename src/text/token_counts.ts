/** Counting the tokens of a corpus, and the order that makes a vocabulary of them. */
import { compareCodePoints, detached } from './unicode.ts';

/** What `adapt` has seen so far. */
export interface CorpusProgress {
  /** Texts read. */
  texts: number;
  /** Tokens in them. */
  tokens: number;
  /** Different tokens among these. */
  distinct: number;
}

/** Memory grows with the number of different tokens, not with that of texts. */
export class TokenCounts {
  private readonly counts = new Map<string, number>();
  /** In how many texts a token occurs; null where nobody asks. */
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
   * The most frequent tokens, at most `limit`, without those that are `special`. Of equally frequent ones the later in
   * code point order comes first, as in Keras (an ascending sort by count, then by token, that is turned round).
   */
  ranked(limit: number, special: readonly string[]): string[] {
    return [...this.counts]
      .filter(([token]) => !special.includes(token))
      .sort(([a, m], [b, n]) => n - m || compareCodePoints(b, a))
      .slice(0, limit)
      .map(([token]) => token);
  }

  /** log(1 + texts / (1 + texts with the token)), Keras' inverse document frequency. */
  idf(token: string): number {
    return Math.log(1 + this.texts / (1 + (this.documents?.get(token) ?? 0)));
  }
}

/** Counts a token, which may be cut out of a text that need not stay. */
export function countToken(counts: Map<string, number>, token: string): void {
  const before = counts.get(token);
  if (before === undefined) counts.set(detached(token), 1);
  else counts.set(token, before + 1);
}

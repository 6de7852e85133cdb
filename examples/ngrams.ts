// n-grams, which predict a symbol from those just before it by how often it followed them: what a recurrent network has to beat.

/** Rounds of expectation maximization; the weights hardly change after a few. */
const ROUNDS = 30;

/**
 * Interpolated n-grams (Jelinek and Mercer 1980): p(y) is a weighted mean of the uniform distribution, the frequency of y, its frequency
 * after the last symbol, and so on up to the last `order - 1` symbols. After symbols that were never seen, the estimate from one symbol
 * less stands in.
 *
 * The first symbol of a sequence is given; each of the others is predicted.
 */
export class InterpolatedNgrams {
  /** Of the uniform distribution first, and of the longest context last; they add up to 1. */
  weights: number[];
  readonly order: number;
  private readonly size: number;
  /** By length of the context: how often each context was seen, and how often with each symbol after it. */
  private readonly contexts: Map<number, number>[];
  private readonly pairs: Map<number, number>[];

  /** @param size the number of symbols; ids are from 0 to size - 1 */
  constructor(order: number, size: number) {
    this.order = order;
    this.size = size;
    this.weights = new Array<number>(order + 1).fill(1 / (order + 1));
    this.contexts = Array.from({ length: order }, () => new Map<number, number>());
    this.pairs = Array.from({ length: order }, () => new Map<number, number>());
  }

  /** Counts a sequence. */
  add(sequence: ArrayLike<number>): void {
    const increment = (counts: Map<number, number>, key: number) =>
      counts.set(key, (counts.get(key) ?? 0) + 1);
    for (let at = 1; at < sequence.length; at++)
      for (let length = 0; length < this.order && length <= at; length++) {
        const context = this.contextOf(sequence, at, length);
        increment(this.contexts[length], context);
        increment(this.pairs[length], context * this.size + sequence[at]);
      }
  }

  /** Fits the weights to sequences that have not been counted. */
  fit(sequences: readonly ArrayLike<number>[]): void {
    const estimates = sequences.flatMap((sequence) => this.estimates(sequence));
    if (estimates.length === 0) return;
    for (let round = 0; round < ROUNDS; round++) {
      const shares = this.weights.map(() => 0);
      for (const each of estimates) {
        const p = mixture(each, this.weights);
        each.forEach((one, level) => (shares[level] += (this.weights[level] * one) / p));
      }
      this.weights = shares.map((share) => share / estimates.length);
    }
  }

  /** The mean of -log2 p over all symbols of all sequences but the first of each. */
  bits(sequences: readonly ArrayLike<number>[]): number {
    let sum = 0;
    let count = 0;
    for (const sequence of sequences)
      for (const each of this.estimates(sequence)) {
        sum -= Math.log2(mixture(each, this.weights));
        count++;
      }
    return sum / count;
  }

  /** For each predicted symbol, its probability by each length of the context. */
  private estimates(sequence: ArrayLike<number>): number[][] {
    return Array.from({ length: Math.max(0, sequence.length - 1) }, (_, i) => {
      const found = [1 / this.size];
      for (let length = 0; length < this.order; length++) {
        const context = length <= i + 1 ? this.contextOf(sequence, i + 1, length) : NaN;
        const seen = this.contexts[length].get(context) ?? 0;
        const pair = this.pairs[length].get(context * this.size + sequence[i + 1]) ?? 0;
        found.push(seen > 0 ? pair / seen : found[length]);
      }
      return found;
    });
  }

  /** A number for the `length` symbols before a place. */
  private contextOf(sequence: ArrayLike<number>, at: number, length: number): number {
    let context = 0;
    for (let i = at - length; i < at; i++) context = context * this.size + sequence[i];
    return context;
  }
}

const mixture = (estimates: readonly number[], weights: readonly number[]): number =>
  estimates.reduce((sum, one, level) => sum + weights[level] * one, 0);

/**
 * Counts all sequences, after the weights have been fitted to the last `share` of them with the counts of the others.
 *
 * @param sequences a list, or a single long one, which is cut
 */
export function fittedNgrams(
  order: number,
  size: number,
  sequences: Int32Array | readonly ArrayLike<number>[],
  share = 0.1,
): InterpolatedNgrams {
  const ngrams = new InterpolatedNgrams(order, size);
  const cut = Math.max(1, Math.floor(sequences.length * (1 - share)));
  const [counted, held] =
    sequences instanceof Int32Array
      ? [[sequences.subarray(0, cut)], [sequences.subarray(cut - 1)]]
      : [sequences.slice(0, cut), sequences.slice(cut)];
  counted.forEach((one) => ngrams.add(one));
  ngrams.fit(held);
  held.forEach((one) => ngrams.add(one));
  return ngrams;
}

// How good sentences are.

export interface Score {
  /** The share of sentences that are right, word for word. */
  readonly exact: number;
  /** The share of words that stand at their place. */
  readonly words: number;
}

export function scoreOf(found: readonly string[], wanted: readonly string[]): Score {
  let [exact, right, count] = [0, 0, 0];
  wanted.forEach((caption, i) => {
    if (found[i] === caption) exact++;
    const own = found[i].split(' ');
    const words = caption.split(' ');
    count += words.length;
    right += words.filter((word, at) => word === own[at]).length;
  });
  return { exact: exact / wanted.length, words: right / count };
}

/** The sentence that comes most often; the first of those that come equally often. */
export function mostFrequent(captions: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const caption of captions) counts.set(caption, (counts.get(caption) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

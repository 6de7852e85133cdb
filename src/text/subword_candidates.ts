/** One round of building a vocabulary of subwords. */
import { cutsUnderscore, longestMatches, underscores } from './subword_tokens.ts';
import { characters, compareCodePoints } from './unicode.ts';

/** How often each token or subword occurs. */
export type Counts = Map<string, number>;

/** How many tokens are counted between two checks whether to yield to the event loop. */
const YIELD_EVERY = 2000;

/**
 * Subwords that occur at least `leastCount` times, by descending frequency, then by descending code points.
 *
 * The last round's subwords split each token; from every point where one starts, all prefixes of the rest of the token are
 * counted. Then subwords are chosen from the longest to the shortest, and the count of each chosen one is subtracted from its
 * own prefixes.
 */
export async function candidatesOf(
  tokens: Counts,
  subwords: readonly string[],
  leastCount: number,
  maxLength: number,
  yieldNow: () => Promise<void> | undefined,
): Promise<string[]> {
  const counts: Counts = new Map();
  const known = new Set(subwords);
  const longest = subwords.reduce((most, { length }) => Math.max(most, length), 1);
  let done = 0;
  for (const [token, count] of tokens) {
    const letters = characters(token);
    const cuts = underscores(token);
    let place = 0;
    let start = 0;
    for (const part of longestMatches(token, known, longest)) {
      let end = start;
      for (const letter of letters.slice(place, place + maxLength)) {
        end += letter.length;
        if (cutsUnderscore(cuts, end)) continue;
        const candidate = token.slice(start, end);
        counts.set(candidate, (counts.get(candidate) ?? 0) + count);
      }
      place += characters(part).length;
      start += part.length;
    }
    if (++done % YIELD_EVERY === 0) await yieldNow();
  }
  return chosen(counts, leastCount, maxLength);
}

function chosen(counts: Counts, leastCount: number, maxLength: number): string[] {
  const longest = [...counts.keys()].reduce((most, { length }) => Math.max(most, length), 0);
  const lengths = Math.min(maxLength, longest);
  const byLength: string[][] = Array.from({ length: lengths + 1 }, () => []);
  for (const [subword, count] of counts) {
    // A single ASCII character is one byte, and every vocabulary contains all bytes.
    if (count >= leastCount && !/^[\0-\x7f]$/.test(subword))
      byLength[characters(subword).length].push(subword);
  }
  const taken: [subword: string, count: number][] = [];
  for (const subword of byLength.reverse().flat()) {
    const count = counts.get(subword)!;
    if (count < leastCount) continue;
    taken.push([subword, count]);
    let beginning = '';
    for (const letter of characters(subword).slice(0, -1)) {
      beginning += letter;
      const before = counts.get(beginning);
      if (before !== undefined) counts.set(beginning, before - count);
    }
  }
  return taken
    .sort(([a, m], [b, n]) => n - m || compareCodePoints(b, a))
    .map(([subword]) => subword);
}

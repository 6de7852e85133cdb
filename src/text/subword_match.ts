/** The greedy matching of `SubwordEncoder`. */
import { cutsUnderscore, underscores, UNDERSCORE } from './subword_tokens.ts';

/** The length in code units of the character at index `at`. */
function characterLength(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/**
 * Splits a prepared token: at each position into the longest subword that matches, or else a single character. An escaped
 * underscore is never split, since its letters would then be read as text.
 */
export function longestMatches(
  token: string,
  subwords: { has(subword: string): boolean },
  longest: number,
): string[] {
  const parts: string[] = [];
  const escapes = underscores(token);
  for (let start = 0; start < token.length;) {
    let end = Math.min(token.length, start + Math.max(longest, UNDERSCORE.length));
    for (; end > start; end--) {
      const part = token.slice(start, end);
      if (cutsUnderscore(escapes, end)) continue;
      if (part === UNDERSCORE || subwords.has(part)) break;
    }
    if (end === start) end += characterLength(token, start);
    parts.push(token.slice(start, end));
    start = end;
  }
  return parts;
}

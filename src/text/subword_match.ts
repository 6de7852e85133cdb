/** The greedy match of `SubwordEncoder`. */
import { cutsUnderscore, underscores, UNDERSCORE } from './subword_tokens.ts';

/** The code units of the character at `at`. */
function characterLength(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/**
 * The parts of a prepared token: from its beginning on always the longest subword that matches, and one character where
 * none does. A written underscore is one part or within one, never cut: else it would be read as its letters.
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

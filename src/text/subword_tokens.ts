/** How `SubwordEncoder` splits a text into tokens, and those into subwords. */

/**
 * How an underscore of the text is escaped, as in `tfds`: a plain `_` at the end of a token or subword means a space.
 */
export const UNDERSCORE = '\\&undsc';

/** Runs of letters, numbers and underscores (Python's `\w`), and runs of everything else. */
const RUNS = /[\p{L}\p{N}_]+|[^\p{L}\p{N}_]+/gu;

function runsOf(text: string): string[] {
  return text.match(RUNS) ?? [];
}

/** Whether a token mixes letters with other characters: it is split unless it is reserved. */
export function isMixed(token: string): boolean {
  return runsOf(token).length > 1;
}

const escapeForRegExp = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/**
 * A function that splits a text into runs. `reserved` tokens stay whole, the longest if several match at one position; so does
 * a `\&undsc` that the text itself contains.
 */
export function splitter(reserved: readonly string[]): (text: string) => string[] {
  const whole = new Set([UNDERSCORE, ...reserved]);
  const sorted = [...whole].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(${sorted.map(escapeForRegExp).join('|')})`, 'u');
  return (text) => text.split(pattern).flatMap((part) => (whole.has(part) ? [part] : runsOf(part)));
}

export const escaped = (token: string) => token.replaceAll('_', UNDERSCORE);
export const unescaped = (subword: string) => subword.replaceAll(UNDERSCORE, '_');

/**
 * Tokens in the form of subwords: underscores are escaped, and a single space becomes a `_` at the end of the token before
 * it. A `\&undsc` of the text itself is split in two, so that it is not decoded as an underscore.
 */
export function prepared(tokens: readonly string[]): string[] {
  const result: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    let token = tokens[i];
    if (token === UNDERSCORE) {
      result.push(UNDERSCORE.slice(0, 2));
      token = UNDERSCORE.slice(2);
    } else token = escaped(token);
    const space = tokens[i + 1] === ' ';
    if (space) i++;
    result.push(space ? `${token}_` : token);
  }
  return result;
}

/** The text that a subword stands for. */
export function plain(subword: string): string {
  return unescaped(subword.endsWith('_') ? `${subword.slice(0, -1)} ` : subword);
}

/** The positions at which escaped underscores begin in a prepared token. */
export function underscores(token: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (let at = token.indexOf(UNDERSCORE); at >= 0; at = token.indexOf(UNDERSCORE, at + 1))
    found.add(at);
  return found;
}

/** Whether a split at `end` would go through an escaped underscore. */
export function cutsUnderscore(starts: ReadonlySet<number>, end: number): boolean {
  if (starts.size > 0)
    for (let k = 1; k < UNDERSCORE.length; k++) if (starts.has(end - k)) return true;
  return false;
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
    if (end === start) end += token.codePointAt(start)! > 0xffff ? 2 : 1;
    parts.push(token.slice(start, end));
    start = end;
  }
  return parts;
}

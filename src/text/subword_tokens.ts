/** How `SubwordEncoder` cuts a text into tokens, of which subwords are parts. */

/**
 * A `_` at the end of a token or subword stands for a space after it, so that an underscore of the text is written in
 * this way, as in `tfds`.
 */
export const UNDERSCORE = '\\&undsc';

/** Runs of letters, numbers and underscores (Python's `\w`), and runs of everything else. */
const RUNS = /[\p{L}\p{N}_]+|[^\p{L}\p{N}_]+/gu;

function runsOf(text: string): string[] {
  return text.match(RUNS) ?? [];
}

/** Whether a token has both letters and others: it would be cut in two, were it not reserved. */
export function isMixed(token: string): boolean {
  return runsOf(token).length > 1;
}

const escapeForRegExp = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/**
 * A function that cuts a text into runs. `reserved` tokens stay whole, the longest first where several begin at one
 * place; so does `\&undsc` where the text itself has it.
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
 * Tokens in the form that subwords have: underscores written out, and a single space put as `_` behind the token before
 * it. A `\&undsc` of the text is given in two parts, neither of which means an underscore.
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

/** What a subword stands for in a text. */
export function plain(subword: string): string {
  return unescaped(subword.endsWith('_') ? `${subword.slice(0, -1)} ` : subword);
}

/** Where the written underscores of a prepared token begin. */
export function underscores(token: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (let at = token.indexOf(UNDERSCORE); at >= 0; at = token.indexOf(UNDERSCORE, at + 1))
    found.add(at);
  return found;
}

/** Whether a cut at `end` would go through a written underscore. */
export function cutsUnderscore(starts: ReadonlySet<number>, end: number): boolean {
  if (starts.size > 0)
    for (let k = 1; k < UNDERSCORE.length; k++) if (starts.has(end - k)) return true;
  return false;
}

/**
 * How the functions and classes of this folder treat Unicode.
 *
 * - Nothing is normalised. `é` as one character and `é` as `e` with a combining accent are different words; call
 *   `text.normalize('NFC')` first if texts come from several sources.
 * - A character is a code point: an emoji outside the basic plane is one character, though a JavaScript string counts two.
 *   Half of such a pair without the other (a lone surrogate) is a character of its own.
 * - `TextVectorization` does what TensorFlow's ASCII operations do for Keras: `lower` changes only A to Z,
 *   `stripPunctuation` removes the 32 punctuation characters of ASCII, and `whitespace` splits at the six white space
 *   characters of ASCII (space, tab, line feed, vertical tab, form feed, carriage return). `É`, `—`, `«` and a no-break
 *   space are treated as letters. For other rules give a function: `standardize: (text) => text.toLowerCase()`.
 * - `Tokenizer`, `textToWordSequence` and `hashingTrick` convert all of Unicode to lower case, like Python's `str.lower`, and
 *   split at `split` (a space) and at `filters`, whose only white space characters are tab and line feed.
 * - `SubwordEncoder` is lossless. Its letters are those of Python's `\w`: letters and numbers of all scripts (categories L and
 *   N) and the underscore.
 */

/** The characters (code points) of a text. */
export function characters(text: string): string[] {
  return [...text];
}

/** Maps a UTF-16 code unit so that surrogates, which encode code points above U+FFFF, sort after all others. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Compares by code points, like Python and like UTF-8 bytes; `<` on JavaScript strings compares UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** V8 represents a substring of at least this length as a view of the whole string. */
const VIEW_LENGTH = 13;

/**
 * A copy of a string that does not keep another one in memory. A word cut from a text may be a view of it, and a vocabulary of
 * such words would keep the whole corpus in memory.
 */
export function detached(text: string): string {
  return text.length < VIEW_LENGTH ? text : text.split('').join('');
}

/** Whether a text contains half of a surrogate pair without the other half. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

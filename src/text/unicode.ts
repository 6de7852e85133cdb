/**
 * The rules of Unicode that all of this folder follows.
 *
 * - Strings are taken as they are: nothing is normalised. `é` as one character and as `e` with an accent are two words;
 *   call `text.normalize('NFC')` first where texts come from several sources.
 * - A character is a code point: an emoji outside the basic plane is one, though a JavaScript string counts two. Half
 *   of such a pair without the other (a lone surrogate) is a character of its own.
 * - `TextVectorization` does what TensorFlow's ASCII operations do for Keras: `lower` lowers A to Z alone,
 *   `stripPunctuation` takes away the 32 punctuation characters of ASCII, and `whitespace` splits at the six white
 *   spaces of ASCII (space, tab, line feed, vertical tab, form feed, carriage return). `É`, `—`, `«` and a no-break
 *   space are letters of words to it. Give a function for any other rule: `standardize: (text) => text.toLowerCase()`.
 * - `Tokenizer`, `textToWordSequence` and `hashingTrick` lower as Python's `str.lower` does, all of Unicode, and split
 *   at `split` (a space) and at `filters`, which have no white space but the tab and the line feed.
 * - `SubwordEncoder` loses nothing. To it a letter is what Python's `\w` is: letters and numbers of all scripts
 *   (categories L and N) and the underscore.
 */

/** The characters of a text, by code point. */
export function characters(text: string): string[] {
  return [...text];
}

/** Where UTF-16 puts its surrogates, code point order has the upper planes: after U+FFFF. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Order by code points, which is the order of the UTF-8 bytes and Python's; `<` on strings is that of UTF-16. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** From this length on, V8 makes a part of a string a view of the whole. */
const VIEW_LENGTH = 13;

/**
 * The same string, holding on to no other. A word that was cut out of a text may be a view of it, and a vocabulary of
 * such words keeps the corpus in memory.
 */
export function detached(text: string): string {
  return text.length < VIEW_LENGTH ? text : text.split('').join('');
}

/** Whether there is half of a surrogate pair without the other. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

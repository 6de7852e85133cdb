/** What the page and its worker know of the words. */

/** Bands of the mel scale. */
export const BANDS = 20;

/** How a made-up voice says the first words, in the letters of its synthesizer. */
export const VOICES: Readonly<Record<string, string>> = { yes: 'ies', no: 'nou', stop: 'stap' };

/** Of the text in the address: two to five different words. */
export function wordsOf(text: string): string[] {
  const words = [...new Set(text.toLowerCase().match(/[\p{L}\d'-]+/gu) ?? [])].slice(0, 5);
  return words.length < 2 ? Object.keys(VOICES) : words;
}

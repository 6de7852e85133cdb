/** How the ten digits sound, in the letters of the synthesizer. */
export const DIGITS: Readonly<Record<string, string>> = {
  0: 'zirou',
  1: 'wAn',
  2: 'tu',
  3: 'Tri',
  4: 'for',
  5: 'faiv',
  6: 'siks',
  7: 'sevAn',
  8: 'eit',
  9: 'nain',
};

import type { Random } from '../../src/index.ts';

const WORDS = 'ant bee cow dog eel fox gnu hen ibex jay kiwi lion mole newt owl pig'.split(' ');

/** What begins and ends a passage, and what stands between its words. */
const PASSAGES = [
  { begin: '', end: ' ', between: ' ' },
  { begin: '"', end: '" ', between: '-' },
  { begin: '(', end: ') ', between: '.' },
  // A comment, to the end of its line.
  { begin: '// ', end: '\n', between: '_' },
];

/**
 * Words in quotes, in brackets, in comments, and in none of them, all in random order. The words are the same everywhere; what stands between
 * two of them is not, so that who predicts the text must keep in mind, over each word, where it is.
 */
export function inventText(length: number, random: Random): string {
  let text = '';
  let column = 0;
  while (text.length < length) {
    const { begin, end, between } = PASSAGES[random.integer(PASSAGES.length)];
    const words = Array.from(
      { length: 2 + random.integer(7) },
      () => WORDS[random.integer(WORDS.length)],
    );
    const passage = begin + words.join(between) + end;
    text += passage;
    column = passage.endsWith('\n') ? 0 : column + passage.length;
    if (column > 50) {
      text += '\n';
      column = 0;
    }
  }
  return text.slice(0, length);
}

/** English sentences with their French translations, made up by a small grammar, and the ids of their words. */
import { padSequences, teacherForcing } from 'gatefold/text';
import { madeUpPairs } from '../../examples/translate/grammar.ts';

/** The ids of padding and of what begins and ends a sentence; those of words follow. */
export const [START, STOP] = [1, 2];
const NO_WORDS = ['', '(start)', '(end)'];

const pairs = madeUpPairs(2200, 1).map(({ source, targets: [target] }) => ({ source, target }));
const wordsOf = (sentences: readonly (readonly string[])[]) => [...NO_WORDS, ...[...new Set(sentences.flat())].sort()]; // prettier-ignore

/** By id. */
export const ENGLISH = wordsOf(pairs.map(({ source }) => source));
export const FRENCH = wordsOf(pairs.map(({ target }) => target));

const ids = (words: readonly string[], table: readonly string[]) => words.map((word) => table.indexOf(word)); // prettier-ignore
const all = pairs.map(({ source, target }) => ({
  english: ids(source, ENGLISH),
  french: ids(target, FRENCH),
}));
/** Ids of words. The last two hundred sentences are never trained on. */
export const [TRAINING, HELD_OUT] = [all.slice(0, -200), all.slice(-200)];
/** To begin with: sentences that are held out. */
export const EXAMPLES = pairs
  .slice(-200)
  .map(({ source }) => source)
  .filter(({ length }) => length > 5 && length < 10)
  .slice(0, 6)
  .map((words) => words.join(' '));
/** What a typed text is made of, and its words that the grammar does not have. */
export function read(text: string): { words: string[]; unknown: string[] } {
  const words = text.toLowerCase().match(/[\p{L}']+|[.?]/gu) ?? [];
  return {
    words: words.filter((word) => ENGLISH.includes(word)),
    unknown: words.filter((word) => !ENGLISH.includes(word)),
  };
}

export const padded = (rows: readonly number[][]) => padSequences(rows, { padding: 'post' });

/** The writer is given the right words so far, and asked for the next one. */
export function forced(pairs: typeof TRAINING) {
  const french = pairs.map((pair) => pair.french);
  const { inputs, targets } = teacherForcing(french, { startToken: START, stopToken: STOP });
  return { x: { source: padded(pairs.map(({ english }) => english)), target: inputs }, y: targets };
}

/** Made-up sentences about flights with a tag for each word, those of the example `slots`. */
import { padSequences } from 'gatefold/text';
import { madeUpSentences } from '../../examples/slots/data.ts';

const [TRAINED, HELD_OUT] = [600, 120];
const all = madeUpSentences(TRAINED + HELD_OUT, 1);
export const sentences = all.slice(0, TRAINED);
export const newSentences = all.slice(TRAINED);

export const tags: readonly string[] = [...new Set(sentences.flatMap((one) => one.tags))].sort();
/** 0 stands for padding and 1 for a word that is not known. */
const words = new Map(
  [
    '',
    '?',
    ...new Set(sentences.flatMap((one) => one.words.map((word) => word.toLowerCase()))),
  ].map((word, id) => [word, id]),
);
export const vocabularySize = words.size;
export const encode = (sentence: readonly string[]): number[] =>
  sentence.map((word) => words.get(word.toLowerCase()) ?? 1);

/** Words and tags, filled up with zeros; the mask leaves those out of the loss. */
export const padded = (some: typeof sentences) => ({
  x: padSequences(
    some.map(({ words }) => encode(words)),
    { padding: 'post' },
  ),
  y: padSequences(
    some.map((one) => one.tags.map((tag) => tags.indexOf(tag))),
    { padding: 'post' },
  ),
});

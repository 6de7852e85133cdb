// Answers of the network, word by word, and those of the nearest question, which are the baseline.
import { generate } from '../../src/generate/index.ts';
import type { Model } from '../../src/index.ts';
import type { Dialogue } from './dialogues.ts';
import { padded, START, STOP } from './words.ts';
import type { Words } from './words.ts';

/** No answer is longer. */
const MOST_WORDS = 30;

/** The answers to dialogues, side by side. */
export async function answersTo(
  model: Model,
  words: Words,
  dialogues: readonly Pick<Dialogue, 'lines'>[],
): Promise<string[]> {
  const { sequences } = await generate(model, optionsFor(words, dialogues));
  return sequences.map((ids) => ids.map((id) => words.wordOf(id)).join(' '));
}

/** The answer to one dialogue, as it is made. */
export async function* answerTo(
  model: Model,
  words: Words,
  dialogue: Pick<Dialogue, 'lines'>,
): AsyncGenerator<string> {
  for await (const [id] of generate(model, optionsFor(words, [dialogue]))) yield words.wordOf(id);
}

const optionsFor = (words: Words, dialogues: readonly Pick<Dialogue, 'lines'>[]) => ({
  inputs: { lines: padded(dialogues.map(({ lines }) => words.idsOfLines(lines))) },
  prefix: dialogues.map(() => [START]),
  stopTokens: [STOP],
  maxNewTokens: MOST_WORDS,
});

/** The answer of the known dialogue whose lines have the most words in common with these, by the Dice coefficient; the first of equal ones. */
export function nearestAnswer(
  known: readonly Dialogue[],
  { lines }: Pick<Dialogue, 'lines'>,
): string {
  const own = lines.join(' ').split(' ');
  let [best, most] = ['', -1];
  for (const one of known) {
    const others = one.lines.join(' ').split(' ');
    const left = [...others];
    let common = 0;
    for (const word of own) {
      const at = left.indexOf(word);
      if (at < 0) continue;
      left.splice(at, 1);
      common++;
    }
    const likeness = (2 * common) / (own.length + others.length);
    if (likeness > most) [best, most] = [one.answer, likeness];
  }
  return best;
}

/** The share of answers that are right, word for word. */
export const exactShare = (answers: readonly string[], dialogues: readonly Dialogue[]): number =>
  answers.filter((answer, i) => answer === dialogues[i].answer).length / dialogues.length;

// The HTML report of a training run.
import { confusionTable, learningCurves, reportPage } from '../plots/index.ts';
import { mistakesOf } from './confusion.ts';
import type { Confusion } from './confusion.ts';
import type { Guess } from './guess.ts';
import type { Language } from './languages.ts';

export interface ReportData {
  /** Name and value of every setting and figure, in the order shown. */
  readonly facts: readonly (readonly [string, string | number])[];
  readonly accuracy: number;
  readonly heldOutCount: number;
  /** Values per epoch, by Keras' names: loss, accuracy, valLoss, valAccuracy. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly confusion: Confusion;
  readonly languages: readonly Language[];
  readonly examples: readonly { text: string; guesses: readonly Guess[] }[];
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** The whole page as one string. */
export async function reportHtml(data: ReportData): Promise<string> {
  const { facts, accuracy, heldOutCount, history, confusion, languages, examples } = data;
  const names = languages.map(({ name }) => name);
  const mistakes = mistakesOf(confusion)
    .slice(0, 8)
    .map(({ truth, answer, count }) => [names[truth], names[answer], count]);
  return reportPage(`Which language is it? ${percent(accuracy)}`, [
    {
      text:
        `Held-out accuracy ${percent(accuracy)} on ${heldOutCount} sentences from paragraphs that the training never saw. ` +
        'The held-out curves are only drawn: nothing was chosen by them, and the weights are those of the last epoch. ' +
        'Training values are of random windows of 20 to 50 characters, held-out ones of whole sentences of up to 100, ' +
        'which are easier.',
      figures: await learningCurves(history, { held: 'held out' }),
    },
    {
      heading: 'Confusion of the held-out sentences',
      figures: [await confusionTable(confusion, names, { title: 'sentences by language' })],
      table: [['language', 'taken for', 'sentences'], ...mistakes],
    },
    {
      heading: 'Five other sentences',
      table: [
        ['sentence', 'answers'],
        ...examples.map(({ text, guesses }) => [
          text,
          guesses
            .map(({ language, probability }) => `${language.name} ${percent(probability)}`)
            .join(', '),
        ]),
      ],
    },
    { heading: 'Settings and figures', table: [['setting', 'value'], ...facts] },
  ]);
}

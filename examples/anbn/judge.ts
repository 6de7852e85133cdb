// Which words are answered right: at every step, all that may come next and nothing else.
import type { Model } from '../../src/index.ts';
import { batchOf } from './batches.ts';
import type { Word } from './languages.ts';
import type { Answer } from './markov.ts';

export interface Verdict {
  /** The share of the words that are right. */
  readonly share: number;
  /** All words that count up to here are right. */
  readonly upTo: number;
}

/** The answers of a network to words: symbols whose logit is above 0. */
export async function answersOf(
  model: Model,
  words: readonly Word[],
): Promise<readonly (readonly number[])[]> {
  const [x] = batchOf(words);
  const [rows, steps] = x.shape;
  const output = await model.predict(x, { batchSize: rows });
  const logits = await output.data();
  output.dispose();
  return words.map(({ next }, row) =>
    next.map((_, t) =>
      [1, 2, 4].reduce(
        (bits, bit, k) => bits + (logits[(row * steps + t) * 3 + k] > 0 ? bit : 0),
        0,
      ),
    ),
  );
}

export const judgeNetwork = async (model: Model, words: readonly Word[]): Promise<Verdict> =>
  verdictOf(words, await answersOf(model, words));

export const judge = (answer: Answer, words: readonly Word[]): Verdict =>
  verdictOf(words, words.map(answer));

function verdictOf(words: readonly Word[], answers: readonly (readonly number[])[]): Verdict {
  const right = words.map(({ next }, i) => next.every((bits, t) => bits === answers[i][t]));
  const reach = words.map(({ count }) => Math.max(...count));
  const firstWrong = Math.min(...reach.filter((_, i) => !right[i]));
  return {
    share: right.filter(Boolean).length / words.length,
    upTo: Math.min(firstWrong - 1, Math.max(...reach)),
  };
}

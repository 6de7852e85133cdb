import { connectivityOf } from '../frame/connectivity.ts';
import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import * as program from './program.ts';
import { encode, newSentences, padded, tags } from './sentences.ts';
import { settings } from './settings.ts';

export interface View {
  readonly words: readonly string[];
  /** For each word every tag with its probability, the likeliest first. */
  readonly said: readonly (readonly { readonly name: string; readonly probability: number }[])[];
  /** For each word how much its tag depends on each word, [words, words]. */
  readonly depends: Float32Array;
  /** Null without memory. */
  readonly inside: Inside | null;
}

const FIRST = 'I would like to arrive Atlanta on Monday';
const LONGEST = 20;

/** What a tag is called on the page. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ O: 'nothing', 'B-from': 'from', 'I-from': 'from, goes on' },
  ...{ 'B-to': 'to', 'I-to': 'to, goes on', 'B-day': 'day', 'I-day': 'day, goes on' },
};

function ranked(logits: readonly number[]) {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers
    .map((power, k) => ({ name: NAMES[tags[k]], probability: power / total }))
    .sort((a, b) => b.probability - a.probability);
}

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: () => 32 * 9,
  async heldOut(model) {
    const { x, y } = padded(newSentences);
    const { loss, accuracy } = await model.testOnBatch(x, y);
    return { loss, accuracy };
  },
  async view(model, values, _step, question) {
    const asked = typeof question === 'string' ? question.trim() : '';
    const words = (asked || FIRST).split(/\s+/).slice(0, LONGEST);
    const ids = encode(words);
    const output = await model.predict([ids]);
    const [logits] = (await output.array()) as number[][][];
    output.dispose();
    const connectivity = await connectivityOf(model, ids);
    const inside =
      values.cell === 'feedForward'
        ? null
        : await insideOf(model, 'memory', [ids], undefined, { labels: words, connectivity });
    return { words, said: logits.map(ranked), depends: connectivity.norms, inside };
  },
};

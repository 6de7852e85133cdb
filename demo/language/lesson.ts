import { padSequences } from 'gatefold/text';
import { Random } from 'gatefold';
import type { Model } from 'gatefold';
import { ownSentences } from '../../examples/language/sentences.ts';
import { connectivityOf } from '../frame/connectivity.ts';
import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import { corpus, loadCorpus } from './corpus.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';

export interface View {
  readonly text: string;
  /** The most likely languages, the likeliest first. */
  readonly guesses: readonly { readonly name: string; readonly probability: number }[];
  /** For each letter what the network would say if the sentence ended there: the language, and how sure it is. */
  readonly soFar: readonly { readonly name: string; readonly probability: number }[];
  readonly inside: Inside;
  /** Sentences that are never trained on, with their languages. */
  readonly examples: readonly (readonly [text: string, name: string])[];
}

/** Letters of a sentence that are read, guesses that are shown, and held-out sentences that are tested at a time. */
const [LONGEST, GUESSES, TESTED] = [80, 5, 96];

function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

const ranked = (logits: ArrayLike<number>) =>
  softmax(logits)
    .map((probability, i) => ({ name: corpus.languages[i], probability }))
    .sort((a, b) => b.probability - a.probability);

/** What the network says after each letter. */
async function soFarOf(model: Model, ids: readonly number[]) {
  const stream = model.stream();
  const said = await Promise.all(ids.map((id) => stream.step([id])));
  stream.dispose();
  return said.map((logits) => ranked(logits as ArrayLike<number>)[0]);
}

/** Held-out sentences, some of everyday life and one of each of a few languages. */
function examples(): [string, string][] {
  const codes: Record<string, string> = { eng: 'English', deu_1996: 'German', fra: 'French', fin: 'Finnish', pol: 'Polish' }; // prettier-ignore
  const every = corpus.heldOut.filter((_, i) => i % 97 === 7);
  return [
    ...ownSentences.map(({ text, code }): [string, string] => [text, codes[code]]),
    ...every.map(({ text, label }): [string, string] => [text, corpus.languages[label]]),
  ];
}

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: ({ letters }) => 48 * 0.75 * Number(letters),
  load: async (read) => loadCorpus(await read('declarations.json')),
  async heldOut(model) {
    const chosen = new Random(1).shuffle([...corpus.heldOut]).slice(0, TESTED);
    const { data, shape } = padSequences(
      chosen.map(({ text }) => corpus.alphabet.encode(text)),
      { padding: 'post' },
    );
    const { loss, accuracy } = await model.testOnBatch(
      { data, shape },
      chosen.map(({ label }) => label),
    );
    return { loss, accuracy };
  },
  async view(model, _values, _step, question) {
    const known = examples();
    const asked = typeof question === 'string' ? question.trim() : '';
    const text = (asked || known[0][0]).slice(0, LONGEST);
    const ids = corpus.alphabet.encode(text);
    const output = await model.predict([ids]);
    const logits = await output.data();
    output.dispose();
    const connectivity = await connectivityOf(model, ids);
    return {
      ...{ text, guesses: ranked(logits).slice(0, GUESSES), soFar: await soFarOf(model, ids) },
      inside: await insideOf(model, 'memory', [ids], undefined, {
        labels: [...text],
        connectivity,
      }),
      examples: known,
    };
  },
};

import { connectivityOf } from '../frame/connectivity.ts';
import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import * as program from './program.ts';
import { newReviews, padded, wordsIn } from './reviews.ts';
import { settings } from './settings.ts';
import type { ProgramSettings } from './settings.ts';

export interface View {
  readonly text: string;
  /** Words and, as a dot each, padding; what the network would say after each, from 0 (bad) to 1 (good). */
  readonly words: readonly string[];
  readonly soFar: Float32Array;
  readonly inside: Inside;
}

const FIRST = 'We had heard a lot about the soup; it was not bad.';

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: ({ length }) => 32 * Number(length),
  async heldOut(model, values) {
    const x = padded(
      values as never,
      newReviews.map(({ text }) => text),
    );
    const { loss, accuracy } = await model.testOnBatch(
      x,
      newReviews.map(({ label }) => [label]),
    );
    return { loss, accuracy };
  },
  async view(model, values, _step, question) {
    const own = values as never as ProgramSettings;
    const asked = typeof question === 'string' ? question.trim() : '';
    const text = wordsIn(asked).length > 0 ? asked : FIRST;
    const ids = Array.from(padded(own, [text]).data);
    const spoken = wordsIn(text).slice(-own.length);
    const dots = ids.slice(spoken.length).map(() => '·');
    const words = own.side === 'post' ? [...spoken, ...dots] : [...dots, ...spoken];
    const stream = model.stream();
    const said = await Promise.all(ids.map((id) => stream.step([id])));
    stream.dispose();
    const connectivity = await connectivityOf(model, ids);
    return {
      ...{ text, words, soFar: Float32Array.from(said, (output) => Number(output[0])) },
      inside: await insideOf(model, 'memory', [ids], undefined, { labels: words, connectivity }),
    };
  },
};

import { Random } from 'gatefold';
import type { Lesson } from '../frame/lesson.ts';
import { HELD_OUT, parts } from './chorales.ts';
import { harmonize } from './harmonize.ts';
import { BEATS, melodyOf, VOICES } from './pitches.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';

export interface View {
  /** A list of pitches for each voice, in the order of `NAMES`. */
  readonly voices: readonly (readonly number[])[];
}

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: () => 16 * VOICES * BEATS,
  async heldOut(model) {
    const { x, y } = parts(HELD_OUT, HELD_OUT.length, new Random(1));
    const { loss, accuracy } = await model.evaluate(x, y, { batchSize: x.length, verbose: 0 });
    return { loss, accuracy };
  },
  async view(model, { melody, temperature, take }) {
    const notes = await harmonize(model, melodyOf(melody as string), {
      temperature: temperature as number,
      seed: take as number,
    });
    return {
      voices: Array.from({ length: VOICES }, (_, voice) =>
        notes.filter((_note, i) => i % VOICES === voice),
      ),
    };
  },
};

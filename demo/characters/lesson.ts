import { traceModel } from 'gatefold/trace';
import type { Lesson } from '../frame/lesson.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';
import type { ProgramSettings } from './settings.ts';
import { alphabetOf, encode } from './text.ts';

export interface View {
  readonly sample: string;
  /** The first characters of the text, and the state of every unit at each, [characters, units]. */
  readonly shown: string;
  readonly states: Float32Array;
  readonly units: number;
}

const [SHOWN, WRITTEN] = [400, 240];

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: ({ time }) => 16 * Number(time),
  async view(model, values) {
    const settings = values as never as ProgramSettings;
    const shown = settings.text.slice(0, SHOWN);
    const ids = encode(shown, alphabetOf(settings.text));
    const { states } = await traceModel(model, 'memory', [Array.from(ids)]);
    const { data, shape } = states.h;
    return {
      sample: await program.write(model, settings.text, Number(values.temperature), WRITTEN),
      ...{ shown, states: Float32Array.from(data), units: shape[2] },
    };
  },
};

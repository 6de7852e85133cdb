import { traceModel } from 'gatefold';
import type { Lesson } from '../frame/lesson.ts';
import { cellSetting, rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import * as program from './program.ts';
import type { Settings } from './program.ts';
import { TEXT } from './text.ts';

export interface View {
  readonly sample: string;
  /** The first characters of the text, and the state of every unit at each, [characters, units]. */
  readonly shown: string;
  readonly states: Float32Array;
  readonly units: number;
}

const [SHOWN, WRITTEN] = [400, 240];

export const lesson: Lesson<View> = {
  settings: {
    cell: cellSetting('gru'),
    units: unitsSetting(96, 256),
    time: { kind: 'number', label: 'Characters in a row', value: 32, min: 8, max: 64, step: 8 },
    temperature: {
      ...{ kind: 'number', label: 'Temperature', value: 0.6, min: 0.1, max: 1.5, step: 0.1 },
      help: 'of what it writes: low is sure of itself, high is daring',
    },
    learningRate: rateSetting(0.01),
    seed: seedSetting,
    text: { kind: 'text', label: 'The text', value: TEXT, longest: 20_000, help: 'paste another' },
  },
  program,
  tokens: ({ time }) => 16 * Number(time),
  async view(model, values) {
    const settings = values as never as Settings;
    const shown = settings.text.slice(0, SHOWN);
    const ids = program.encode(shown, program.alphabetOf(settings.text));
    const { states } = await traceModel(model, 'memory', [Array.from(ids)]);
    const { data, shape } = states.h;
    return {
      sample: await program.write(model, settings, Number(values.temperature), WRITTEN),
      ...{ shown, states: Float32Array.from(data), units: shape[2] },
    };
  },
};

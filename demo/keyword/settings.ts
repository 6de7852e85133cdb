import { cellSetting, rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';
import { VOICES } from './words.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: cellSetting('gru'),
  units: unitsSetting(48, 96),
  learningRate: rateSetting(0.006),
  seed: seedSetting,
  words: {
    ...{ kind: 'text', label: 'Words', value: Object.keys(VOICES).join(' '), longest: 80 },
    help: 'two to five; record those that the made-up voice does not know',
  },
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  words: string;
  units: number;
  learningRate: number;
  seed: number;
}

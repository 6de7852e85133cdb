import { rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  looks: {
    ...{ kind: 'choice', label: 'While it writes', value: 'attention' },
    choices: { attention: 'With attention', none: 'From memory alone' },
    help: 'attention looks back at the words that were read',
  },
  units: unitsSetting(64, 128),
  learningRate: rateSetting(0.005),
  seed: seedSetting,
  sentence: {
    ...{ kind: 'text', label: 'Your sentence', longest: 120 },
    value: 'we often carry the small black cats .',
    ...{ live: true, elsewhere: true },
  },
};

/** What the program is given. */
export interface ProgramSettings {
  looks: 'attention' | 'none';
  units: number;
  learningRate: number;
  seed: number;
}

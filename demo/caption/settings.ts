import { rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  units: unitsSetting(64, 128),
  learningRate: rateSetting(0.0015),
  seed: seedSetting,
  scene: {
    ...{ kind: 'text', label: 'Picture', longest: 300, live: true, elsewhere: true },
    value: 'large red circle 50 26, small blue square 50 74',
  },
};

/** What the program is given. */
export interface ProgramSettings {
  units: number;
  learningRate: number;
  seed: number;
}

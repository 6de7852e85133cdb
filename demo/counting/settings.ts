import { cellSetting, rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: cellSetting('lstm'),
  units: unitsSetting(6, 32),
  longest: {
    ...{ kind: 'number', label: 'Longest n in training', value: 8, min: 2, max: 16, step: 1 },
    help: 'it is tested up to three times as far',
  },
  learningRate: rateSetting(0.02),
  seed: seedSetting,
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  /** Words up to this count are trained on. */
  longest: number;
  learningRate: number;
  seed: number;
}

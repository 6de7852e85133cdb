import { cellSetting, rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: cellSetting('lstm'),
  units: unitsSetting(32, 48),
  learningRate: rateSetting(0.006),
  seed: seedSetting,
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  learningRate: number;
  seed: number;
}

import { cellSetting, rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: cellSetting('gru'),
  window: {
    ...{ kind: 'number', label: 'Steps that it sees', value: 28, min: 4, max: 60, step: 1 },
  },
  horizon: {
    ...{ kind: 'number', label: 'Steps ahead', value: 7, min: 1, max: 28, step: 1 },
  },
  cut: {
    ...{ kind: 'number', label: 'Trained on', value: 70, min: 40, max: 90, step: 1 },
    elsewhere: true,
  },
  units: unitsSetting(16),
  learningRate: rateSetting(0.002),
  seed: seedSetting,
  /** Numbers with spaces between; none for the weather. */
  series: { kind: 'text', label: 'Your numbers', value: '', longest: 8000, elsewhere: true },
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  /** Steps that it sees, and steps ahead. */
  window: number;
  horizon: number;
  /** What it trains on of the series, in percent. */
  cut: number;
  series: string;
  learningRate: number;
  seed: number;
}

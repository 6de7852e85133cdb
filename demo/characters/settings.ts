import { cellSetting, rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';
import { TEXT } from './text.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: cellSetting('gru'),
  units: unitsSetting(96, 256),
  time: { kind: 'number', label: 'Characters in a row', value: 32, min: 8, max: 64, step: 8 },
  temperature: {
    ...{ kind: 'number', label: 'Temperature', value: 0.6, min: 0.1, max: 1.5, step: 0.1 },
    live: true,
    help: 'of what it writes: low is sure of itself, high is daring',
  },
  learningRate: rateSetting(0.01),
  seed: seedSetting,
  text: { kind: 'text', label: 'The text', value: TEXT, longest: 20_000, help: 'paste another' },
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  text: string;
  /** Characters in a row of a batch. */
  time: number;
  learningRate: number;
  seed: number;
}

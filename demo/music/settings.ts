import { cellSetting, rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: cellSetting('lstm'),
  units: unitsSetting(96, 128),
  temperature: {
    ...{ kind: 'number', label: 'Temperature', value: 0.8, min: 0.1, max: 1.5, step: 0.1 },
    help: 'low takes the likeliest notes, high is daring',
    live: true,
  },
  take: {
    ...{ kind: 'number', label: 'Take', value: 1, min: 1, max: 99, step: 1 },
    help: 'another take draws other notes',
    live: true,
  },
  learningRate: rateSetting(0.006),
  seed: seedSetting,
  melody: {
    ...{ kind: 'text', label: 'Melody', longest: 80, live: true, elsewhere: true },
    // The theme of the last movement of Beethoven's ninth symphony (1824).
    value: '64 64 65 67 67 65 64 62 60 60 62 64 64 62 62 60',
  },
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  learningRate: number;
  seed: number;
}

import { cellSetting, rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: cellSetting('lstm'),
  units: unitsSetting(96, 192),
  bias: {
    ...{ kind: 'number', label: 'Neatness', value: 1, min: 0, max: 4, step: 0.5 },
    help: 'at 0 it writes as unsteadily as it has seen',
    live: true,
  },
  take: {
    ...{ kind: 'number', label: 'Take', value: 1, min: 1, max: 99, step: 1 },
    help: 'another take goes on otherwise',
    live: true,
  },
  learningRate: rateSetting(0.005),
  seed: seedSetting,
  drawing: {
    ...{ kind: 'text', label: 'Drawing', value: '', longest: 1500 },
    ...{ live: true, elsewhere: true },
  },
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  learningRate: number;
  seed: number;
}

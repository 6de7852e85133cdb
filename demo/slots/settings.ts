import { rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: {
    ...{ kind: 'choice', label: 'Network', value: 'simpleRNN' },
    choices: {
      feedForward: 'Without memory',
      simpleRNN: 'Simple RNN',
      lstm: 'LSTM',
      gru: 'GRU',
    },
    help: 'without memory, it sees each word by itself',
  },
  units: unitsSetting(24),
  learningRate: rateSetting(0.01),
  seed: seedSetting,
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'feedForward' | 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  learningRate: number;
  seed: number;
}

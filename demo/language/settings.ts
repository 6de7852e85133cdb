import { rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: {
    ...{ kind: 'choice', label: 'Cell', value: 'gru' },
    choices: { simpleRNN: 'Simple RNN', lstm: 'LSTM', gru: 'GRU', minGRU: 'minGRU' },
  },
  units: unitsSetting(64, 128),
  letters: {
    ...{ kind: 'number', label: 'Letters to decide by', value: 60, min: 10, max: 80, step: 5 },
    help: 'the longest piece of a text in training',
  },
  learningRate: rateSetting(0.004),
  seed: seedSetting,
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru' | 'minGRU';
  units: number;
  /** The longest piece of a text in training. */
  letters: number;
  learningRate: number;
  seed: number;
}

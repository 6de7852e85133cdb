import { rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: {
    ...{ kind: 'choice', label: 'Cell', value: 'simpleRNN' },
    choices: { simpleRNN: 'Simple RNN', lstm: 'LSTM', gru: 'GRU' },
  },
  gain: {
      ...{ kind: 'number', label: 'Size of the recurrent weights', value: 0.8, min: 0.2, max: 3, step: 0.05 },
      help: 'every step back multiplies the gradient by about this, less what tanh takes away',
    }, // prettier-ignore
  time: { kind: 'number', label: 'Time steps', value: 30, min: 2, max: 120, step: 1 },
  units: unitsSetting(16),
  clip: {
      ...{ kind: 'number', label: 'Clip gradients to a norm of', value: 0, min: 0, max: 5, step: 0.1 },
      help: '0: gradients are left as they are',
    }, // prettier-ignore
  learningRate: rateSetting(0.1),
  seed: seedSetting,
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  time: number;
  /** The recurrent weights are an orthogonal matrix times this. */
  gain: number;
  clip: number;
  learningRate: number;
  seed: number;
}

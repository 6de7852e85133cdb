import { cellSetting, rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: cellSetting('simpleRNN'),
  units: unitsSetting(16),
  time: { kind: 'number', label: 'Points in a batch', value: 10, min: 1, max: 60, step: 1 },
  carry: {
    ...{ kind: 'flag', label: 'Carry the state on', value: true },
    help: 'from one batch to the next; without it, each begins with nothing in mind',
  },
  learningRate: rateSetting(0.01),
  seed: seedSetting,
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  /** Points in a batch, of which 20 are a period. */
  time: number;
  /** Whether each batch begins with the states that the one before it ended with. */
  carry: boolean;
  learningRate: number;
  seed: number;
}

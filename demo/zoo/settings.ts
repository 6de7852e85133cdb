import { rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

/** In the order of the table. */
export const CELLS = {
  simpleRNN: 'Simple RNN',
  lstm: 'LSTM',
  gru: 'GRU',
  peepholeLSTM: 'LSTM with peepholes',
  projectedLSTM: 'LSTM with projection',
  layerNormLSTM: 'Layer-normalized LSTM',
  carryLSTM: 'LSTM with carry',
  sLSTM: 'sLSTM',
  minimalGatedUnit: 'Minimal gated unit',
  clockworkRNN: 'Clockwork RNN',
  indRNN: 'IndRNN',
  minGRU: 'minGRU',
  minLSTM: 'minLSTM',
  sru: 'SRU',
  lru: 'LRU',
  jordanRNN: 'Jordan’s network',
  scrn: 'SCRN',
} as const;

export const TASKS = {
  recall: 'Recall the first of 20 symbols',
  adding: 'Add the two marked of 24 numbers',
  parity: 'Odd or even, at each of 12 bits',
} as const;

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  cell: { kind: 'choice', label: 'Cell', value: 'simpleRNN', choices: CELLS },
  task: { kind: 'choice', label: 'Task', value: 'recall', choices: TASKS },
  units: unitsSetting(24),
  budget: {
    ...{ kind: 'number', label: 'Steps at most', value: 600, min: 100, max: 3000, step: 100 },
    help: 'then the next cell begins',
    live: true,
  },
  learningRate: rateSetting(0.01),
  seed: seedSetting,
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  task: keyof typeof TASKS;
  units: number;
  learningRate: number;
  seed: number;
}

import { cellSetting, rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  padding: {
    ...{ kind: 'choice', label: 'Padding', value: 'masked' },
    choices: { masked: 'Masked padding', read: 'Padding that is read' },
    help: 'without a mask, zeros are read as if they were words',
  },
  cell: cellSetting('gru'),
  side: {
    ...{ kind: 'choice', label: 'Zeros stand', value: 'post' },
    choices: { post: 'after the words', pre: 'before the words' },
  },
  length: {
    ...{ kind: 'number', label: 'Words with padding', value: 30, min: 14, max: 80, step: 2 },
    help: 'every sentence is filled up with zeros to this length',
  },
  units: unitsSetting(24),
  learningRate: rateSetting(0.01),
  seed: seedSetting,
  lines: {
    ...{ kind: 'text', label: 'Your own lines', longest: 5000 },
    value: '+ I would watch it again\n- I want my money back',
    help: 'one on each line, beginning with + or −; it trains on them too',
  },
};

/** What the program is given. */
export interface ProgramSettings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  padding: 'masked' | 'read';
  side: 'pre' | 'post';
  /** Words of a sentence, with its padding. */
  length: number;
  /** The reader's own reviews. */
  lines: string;
  learningRate: number;
  seed: number;
}

import { rateSetting, seedSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  dimension: {
    ...{ kind: 'number', label: 'Numbers for each word', value: 24, min: 2, max: 64, step: 1 },
    help: 'with 2, the plane shows all that there is',
  },
  window: {
    ...{ kind: 'number', label: 'Words on either side', value: 4, min: 1, max: 8, step: 1 },
    help: 'that a word is guessed from',
  },
  words: {
    ...{ kind: 'number', label: 'Words that it knows', value: 800, min: 200, max: 2000, step: 100 },
    help: 'the most frequent ones; the others are left out of the text',
  },
  learningRate: rateSetting(0.01),
  seed: seedSetting,
};

/** What the program is given. */
export interface ProgramSettings {
  /** Numbers for each word. */
  dimension: number;
  /** Words on either side that a word is guessed from. */
  window: number;
  /** Words that it knows. */
  words: number;
  learningRate: number;
  seed: number;
}

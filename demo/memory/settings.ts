import { rateSetting } from '../frame/settings.ts';
import type { Settings } from '../frame/settings.ts';

const matrix = { kind: 'text', value: '1 1; 1 1', longest: 80, elsewhere: true } as const;

// Apart from the lesson, which loads the library: only the worker does.
export const settings: Settings = {
  kernel: { ...matrix, label: 'From the inputs' },
  recurrent: { ...matrix, label: 'From the memory' },
  output: { ...matrix, label: 'To the outputs' },
  inputs: { ...matrix, value: '1 1; 1 1; 2 2', longest: 200, label: 'Inputs' },
  activation: {
    ...{ kind: 'choice', label: 'What a unit does with its sum', value: 'linear' },
    choices: { linear: 'nothing', tanh: 'tanh', relu: 'zero where it is negative' },
  },
  learningRate: rateSetting(0.02),
};

/** What the program is given. */
export interface ProgramSettings {
  /** Matrices as text, a row after the other: `1 1; 1 1`. */
  kernel: string;
  recurrent: string;
  output: string;
  /** What comes in, step by step. */
  inputs: string;
  activation: 'linear' | 'tanh' | 'relu';
  learningRate: number;
}

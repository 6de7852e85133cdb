/** Variants of our contenders that are measured in addition to the one that is compared, by contender and workload. */
import { BEFORE, GROUPS, WASM } from '../names.mjs';

/** Of minGRU: the same a step at a time, and a GRU instead. */
const LONG: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  GROUPS['W10-T'].cells.map((cell) => [cell, ['steps', 'gru']]),
);

const ON_WEBGPU: Readonly<Record<string, readonly string[]>> = {
  W1: ['masked'],
  'W2-SimpleRNN': ['masked'],
  'W2-LSTM': ['masked'],
  'W2-GRU': ['masked', 'reset-after'],
  // One or eight further steps are submitted before the result of a step is read.
  W4a: ['pipelined', 'pipelined-8'],
  W7: ['masked'],
  ...LONG,
};

const VARIANTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  gatefold: ON_WEBGPU,
  [BEFORE]: ON_WEBGPU,
  [WASM]: {
    W1: ['masked'],
    'W2-SimpleRNN': ['masked'],
    'W2-LSTM': ['masked'],
    'W2-GRU': ['masked', 'reset-after'],
    W4a: ['stream'],
    // Two threads.
    W4c: ['2'],
    'W5-512': ['2'],
    'W5-1024': ['2'],
    W7: ['masked'],
    ...LONG,
  },
};

/** Whether a variant computes the same numbers as what is compared with other contenders. */
export const isSame = (variant: string): boolean => variant === '' || variant === 'steps';

export const variantsOf = (contender: string, workload: string): readonly string[] =>
  VARIANTS[contender]?.[workload] ?? [];

/** Variants of Gatefold that are measured in addition to the one that is compared. */
export const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  W1: ['masked'],
  'W2-SimpleRNN': ['masked'],
  'W2-LSTM': ['masked'],
  'W2-GRU': ['masked', 'reset-after'],
  // One or eight further steps are submitted before the result of a step is read.
  W4a: ['pipelined', 'pipelined-8'],
  W7: ['masked'],
};

/** What else is measured of us, beside what others are compared with. */
export const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  W1: ['masked'],
  'W2-SimpleRNN': ['masked'],
  'W2-LSTM': ['masked'],
  'W2-GRU': ['masked', 'reset-after'],
  // How many steps are begun before the result of the one before them is there: one, or eight.
  W4a: ['pipelined', 'pipelined-8'],
  W7: ['masked'],
};

/** The abbreviations that Keras accepts for losses and for the metrics of the same names. */
export const SHORT_NAMES = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  kld: 'klDivergence',
} as const;

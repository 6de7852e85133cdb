/** The short names that Keras knows too, of losses and of the metrics of the same names. */
export const SHORT_NAMES = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  kld: 'klDivergence',
} as const;

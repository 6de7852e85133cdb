/**
 * Callbacks for `fit`, with Keras' names and defaults in camelCase. One of your own is an object of functions: see
 * `Callback`.
 *
 * @module
 */
export { earlyStopping } from './early_stopping.ts';
export { modelCheckpoint } from './checkpoint.ts';
export { learningRateScheduler, reduceLROnPlateau } from './learning_rate.ts';

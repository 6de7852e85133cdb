/**
 * Callbacks for `fit`, with Keras' names and defaults in camelCase. One of your own is an object of functions: see
 * `Callback`.
 *
 * @module
 */
export type { CallbackModel } from './callback.ts';
export { earlyStopping } from './early_stopping.ts';
export type { EarlyStoppingOptions } from './early_stopping.ts';
export { modelCheckpoint } from './checkpoint.ts';
export type { ModelCheckpointOptions } from './checkpoint.ts';
export { learningRateScheduler, reduceLROnPlateau } from './learning_rate.ts';
export type { ReduceLROnPlateauOptions } from './learning_rate.ts';

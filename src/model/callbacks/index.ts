export { earlyStopping } from './early_stopping.ts';
export { modelCheckpoint } from './checkpoint.ts';
export { learningRateScheduler, reduceLROnPlateau } from './learning_rate.ts';

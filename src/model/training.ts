/** What trains, measures and writes files: models load it late, so that a page that only predicts does without. */
export { COMMON } from './common.ts';
export { encodeSafetensors } from '../formats/encode_safetensors.ts';
export { writeModel } from '../formats/write_model.ts';
export { evaluateNetwork } from './evaluate.ts';
export { notifier } from './callbacks/callback.ts';
export { fitNetwork } from './fit.ts';
export { fitOptions } from './fit_options.ts';
export { testOnBatch, trainOnBatch } from './single_batch.ts';

/** Writes saved models. */
export { COMMON } from './common.ts';
export { encodeSafetensors } from '../formats/encode_safetensors.ts';
export { writeModel } from '../formats/write_model.ts';

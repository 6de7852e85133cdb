/** Files of saved models, and what a model takes from them. */
export { COMMON } from './common.ts';
export { adoptChoices, choicesIn, restoreVariables } from './restore.ts';
export { openModel, trainingStateOf } from './saved_file.ts';

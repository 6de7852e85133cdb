/**
 * What saves and loads models. It is imported late, as a file of its own: a page fetches it when it first saves or loads one.
 */
export { writeModel } from '../formats/files.ts';
export { openModel } from './open.ts';
export { restoreModel, saveModel } from './save.ts';

/** A saved model as a new one. */
import type { Device } from '../backend.ts';
import type { Model } from '../model.ts';
import type { CompileOptions } from './compile.ts';
import type { ModelSource } from './save.ts';

export interface LoadOptions {
  /** The default device where it is left out. */
  device?: Device;
  /** Instead of what the model was compiled with; needed for losses and metrics of your own to go on training. */
  compile?: CompileOptions;
}

/**
 * Makes a model from what `save` wrote: layers, weights and, where it was compiled, optimizer and progress, so that `fit`
 * with `initialEpoch: model.epoch` goes on as if it had never been interrupted.
 *
 * @param source a folder (Node, Deno), an address to fetch from, or the contents `{ json, weights }`
 * @throws Error that says what is wrong with the files; there is no half-loaded model
 */
export async function loadModel(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  const { openModel } = await import('./storage.ts');
  return openModel(source, options);
}

/** A saved model as a new one. */
import type { Device } from '../backend.ts';
import { decodeSafetensors } from '../formats/safetensors.ts';
import { Model } from '../model.ts';
import { getDevice } from '../tensor.ts';
import type { CompileOptions } from './compile.ts';
import { compileFromConfig } from './compile_config.ts';
import { architectureOf, describing, readSource, tensorOf } from './save.ts';
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
  const opened = await readSource(source);
  const { options: architecture, compile } = await architectureOf(
    opened.json as Record<string, unknown>,
  );
  const compiled = options.compile ?? describing(() => compileFromConfig(compile));
  const file = decodeSafetensors(opened.weights);
  const device = options.device ?? getDevice();
  const model = describing(() => new Model({ ...architecture, device, lazy: true }));
  try {
    // No weight is made that the file does not hold: a few bytes of JSON can ask for any size.
    describing(() =>
      model.buildFor(undefined, (path, shape) => tensorOf(file, `weights/${path}`, shape).data),
    );
    if (compiled) {
      if (options.compile) model.compile(compiled);
      else describing(() => model.compile(compiled));
      await model.restore(opened);
    } else await model.loadWeights(opened);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

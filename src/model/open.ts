/** How a saved model becomes a new one. */
import { decodeSafetensors } from '../formats/safetensors.ts';
import { Model } from '../model.ts';
import { getDevice } from '../tensor.ts';
import { compileFromConfig } from './compile_config.ts';
import type { LoadOptions } from './load.ts';
import { architectureOf, describing, readSource, tensorOf } from './save.ts';
import type { ModelSource } from './save.ts';

/** See `loadModel`. */
export async function openModel(source: ModelSource, options: LoadOptions): Promise<Model> {
  const opened = await readSource(source);
  const { options: architecture, compile } = architectureOf(opened.json as Record<string, unknown>);
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

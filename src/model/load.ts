/** A saved model as a new one. */
import { DeviceError } from '../backend.ts';
import type { Device } from '../backend.ts';
import { isRecord } from '../formats/records.ts';
import { loadClasses, networkOptions } from './from_config.ts';
import type { NetworkOptions } from '../layers/network.ts';
import { check, checkNames, DEVICE, excerpt, show } from '../options.ts';
import { getDevice } from '../tensor.ts';
import type { CompileOptions } from './compile.ts';
import { compileFromConfig } from './compile_config.ts';
import { VERSION } from './file_names.ts';
import { Model } from './model.ts';
import { adoptChoices, choicesIn, restoreVariables } from './restore.ts';
import { countOf, openModel, tensorOf, trainingStateOf } from './saved_file.ts';
import type { ModelSource, SavedFile } from './saved_file.ts';

/** Where `loadModel` puts the model, and how it is trained further. */
export interface LoadOptions {
  /** The default device where it is left out. */
  device?: Device;
  /** Instead of what the model was compiled with; needed to continue training with losses and metrics of your own. */
  compile?: CompileOptions;
}

/**
 * Makes a model from what `save` wrote: layers, weights and, where it was compiled, optimizer and progress, so that `fit`
 * with `initialEpoch: model.epoch` continues as if it had never been interrupted.
 *
 * @param source a folder (Node, Deno), an address to fetch from, or the bytes `{ weights }` that `save` gave
 * @throws Error that says what is wrong with the files; nothing of the model is kept then
 */
export async function loadModel(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  checkNames('loadModel', options, ['device', 'compile']);
  if (options.device !== undefined) check('loadModel', 'device', options.device, DEVICE);
  const file = await openModel(source);
  const architecture = await architectureOf(file);
  const compile = options.compile ?? describing(() => compileFromConfig(file.json.compile));
  const training = trainingStateOf(file);
  const device = options.device ?? getDevice();
  const choices = choicesIn(file, device);
  const model = describing(() => new Model({ ...architecture, device, lazy: true }));
  try {
    // No weight is made that the file does not hold: a few bytes of JSON can ask for any size.
    describing(() =>
      model.buildFor(undefined, (path, shape) => tensorOf(file, `weights/${path}`, shape).data),
    );
    if (compile) {
      if (options.compile) model.compile(compile);
      else describing(() => model.compile(compile));
      model.epoch = training.epoch;
      model.trainingSeed = training.seed;
    }
    restoreVariables(file, model, compile ? model.optimizer : null, { upload: false });
    adoptChoices(device, choices);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

/** The layers of a saved model, checked by the classes that make them. */
async function architectureOf({ json }: SavedFile): Promise<NetworkOptions> {
  const { config, seed, version } = json;
  if (version !== VERSION)
    throw new Error(
      `load: model.json has version ${show(version)}, this library reads ${VERSION}; save it with this one`,
    );
  if (!isRecord(config)) throw new Error('load: model.json has no config; save it again');
  const classes = await loadClasses(config);
  const options = describing(() => networkOptions(config as never, classes));
  return { ...options, seed: countOf('seed', seed) };
}

/** Runs what makes something of model.json, and adds to errors of the classes that it describes a damaged file. */
function describing<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof DeviceError || message.startsWith('load: ')) throw error;
    const problem =
      error instanceof TypeError || error instanceof RangeError
        ? 'a part of it is missing, or of another kind; save the model again'
        : // Names in the file may be of any length.
          excerpt(
            message.replace(/\S{100,}/g, (word) => excerpt(word)),
            900,
          );
    throw new Error(`load: model.json describes no model: ${problem}`, { cause: error });
  }
}

/** Keras' files: `.keras` and `.weights.h5` of Keras 3, whole models and weights in HDF5 of Keras 1 to 3. */
import type { Device } from '../../backend.ts';
import { parseJson } from '../../formats/json.ts';
import { isRecord } from '../../formats/records.ts';
import { loadClasses } from '../../model/from_config.ts';
import type { CompileOptions } from '../../model/compile.ts';
import { Model } from '../../model/model.ts';
import { getDevice } from '../../tensor.ts';
import { isHdf5, openHdf5, textsOf } from '../hdf5/objects.ts';
import type { Hdf5Group } from '../hdf5/objects.ts';
import { openFile } from '../source.ts';
import type { FileSource, ReadOptions } from '../source.ts';
import { isZip, listed, openZip } from '../zip.ts';
import type { Archive } from '../zip.ts';
import { compileOptionsOf, slotsOf } from './compile.ts';
import type { Context, CustomLayers, Era } from './context.ts';
import { classesIn, MODEL, networkOf } from './layers.ts';
import {
  fromNowhere,
  inOrder,
  numbersOf,
  scalarOf,
  trainedOf,
  weightsByLayer,
  weightsOfGroups,
  zerosFor,
} from './weights.ts';
import type { Assignments } from './weights.ts';

/** Options of `loadKeras`. */
export interface KerasOptions extends ReadOptions {
  /** The default device where it is left out. */
  device?: Device;
  /** What makes layers of classes that are not known here, by the names of the classes: it is given the layer's config as Keras wrote it. */
  customLayers?: CustomLayers;
  /** Instead of what the model was compiled with. The optimizer's state is then left out. */
  compile?: CompileOptions;
  /** Told what has no counterpart here and was left out: a regularizer, a metric. The console by default. */
  warn?: (message: string) => void;
}

const OWN = ['device', 'customLayers', 'compile', 'warn'];

/** A whole model of Keras, before it is made. */
export interface KerasSource {
  readonly file: string;
  readonly era: Era;
  /** Class and config of the model. */
  readonly description: unknown;
  readonly compile: unknown;
  /** Bytes of all weights, for the bound on what the description may ask for. */
  readonly bytes: number;
  readonly asset: (path: RegExp) => Promise<string | null>;
  /** Values of the weights, of a model that is built. */
  readonly weights: (model: Model, context: Context) => Promise<Assignments>;
  /** Steps that were taken, and values of slots; null where the file has none. */
  readonly optimizer: (
    model: Model,
    context: Context,
  ) => Promise<{ iterations: number; slots: Assignments } | null>;
}

export async function loadKeras(source: FileSource, options: KerasOptions = {}): Promise<Model> {
  const file = await openFile('loadKeras', source, options, OWN);
  const bytes = await file.whole();
  const opened = isZip(bytes)
    ? await openArchive(file.name, bytes)
    : isHdf5(bytes)
      ? await openLegacy(file.name, bytes)
      : null;
  if (!opened)
    throw new Error(
      `${file.name}: expected a model of Keras, a zip archive or HDF5, got neither; save it with model.save('model.keras')`,
    );
  return modelOf(opened, options);
}

const toConsole = (message: string): void => console.warn(message);

/** The model that a source describes, with its weights and, where it was compiled, the state of its optimizer. */
export async function modelOf(
  source: KerasSource,
  {
    device = getDevice(),
    customLayers = {},
    compile,
    warn = toConsole,
  }: Omit<KerasOptions, keyof ReadOptions>,
): Promise<Model> {
  const names = [...classesIn(source.description)].map((className) => ({ className }));
  const context: Context = {
    file: source.file,
    era: source.era,
    classes: await loadClasses(names),
    customLayers,
    warn,
    kerasClasses: new Map(),
    orders: new Map(),
    counts: new Map(),
    asset: source.asset,
  };
  const { options, order } = await networkOf(context, source.description, MODEL);
  const model = new Model({ ...options, device, lazy: true });
  context.orders.set(model, order);
  try {
    model.buildFor(undefined, zerosFor(source.file, source.bytes));
    for (const [variable, values] of await source.weights(model, context)) variable.assign(values);
    const compiled = compile ?? compileOptionsOf(context, source.compile);
    if (compiled) model.compile(compiled);
    if (!compile && compiled) {
      model.optimizer.build(model.trainableWeights);
      const state = await source.optimizer(model, context);
      for (const [slot, values] of state?.slots ?? []) slot.assign(values);
      model.optimizer.iterations = state?.iterations ?? 0;
    }
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

function json(file: string, place: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new Error(
      `${file}, ${place}: expected JSON (${(error as Error).message}); the file is damaged`,
      { cause: error },
    );
  }
}

// ---- .keras ---------------------------------------------------------------------------------------------------------------

const WEIGHTS = 'model.weights.h5';

async function openArchive(file: string, bytes: Uint8Array): Promise<KerasSource> {
  const archive = openZip(file, bytes);
  const text = async (path: string): Promise<string> =>
    new TextDecoder().decode(await archive.read(path));
  const description = json(file, 'config.json', await text('config.json'));
  const root = await rootOf(archive);
  return {
    file,
    era: 'keras 3',
    description,
    compile: isRecord(description) ? description.compile_config : null,
    bytes: archive.sizes.get(WEIGHTS)!,
    async asset(pattern) {
      const path = [...archive.sizes.keys()].find((one) => pattern.test(one));
      return path === undefined ? null : text(path);
    },
    weights: (model, context) => weightsOfGroups(context, model, root),
    async optimizer(model, context) {
      const vars = root.groups.get('optimizer')?.groups.get('vars');
      if (!vars || vars.datasets.size === 0) return null;
      const values = await Promise.all(inOrder(vars).map((one) => numbersOf(file, one)));
      const trained = trainedOf(model, context);
      const slots = slotsOf(file, model.optimizer, trained, values.slice(2), false);
      return { iterations: scalarOf(values[0]), slots };
    },
  };
}

async function rootOf(archive: Archive): Promise<Hdf5Group> {
  if (archive.sizes.has('model.weights.json'))
    throw new Error(
      `${archive.file}: expected weights in one file, got them spread over several; save the model without max_shard_size`,
    );
  return openHdf5(`${archive.file} (${WEIGHTS})`, await archive.read(WEIGHTS));
}

// ---- HDF5 -----------------------------------------------------------------------------------------------------------------

async function openLegacy(file: string, bytes: Uint8Array): Promise<KerasSource> {
  const root = openHdf5(file, bytes);
  const text = async (name: string): Promise<string | null> =>
    (await textsOf(root, name, file))?.[0] ?? null;
  const config = await text('model_config');
  const weights = root.groups.get('model_weights');
  if (config === null || !weights)
    throw new Error(
      `${file}: expected a whole model, got weights without a model_config; make the model and call loadKerasWeights(model, file)`,
    );
  const compile = await text('training_config');
  const version = (await text('keras_version')) ?? '1';
  return {
    file,
    era: version.startsWith('3') ? 'keras 3' : 'keras 2',
    description: json(file, 'model_config', config),
    compile: compile === null ? null : json(file, 'training_config', compile),
    bytes: bytes.length,
    asset: () => Promise.resolve(null),
    weights: (model, context) => weightsByLayer(context, model, weights),
    async optimizer(model, context) {
      const group = root.groups.get('optimizer_weights');
      return group ? olderOptimizer(file, group, model, context) : null;
    },
  };
}

async function olderOptimizer(file: string, group: Hdf5Group, model: Model, context: Context) {
  const names = (await textsOf(group, 'weight_names', file)) ?? [];
  const find = (path: string) => {
    let inner: Hdf5Group | undefined = group;
    const steps = path.split('/');
    for (const step of steps.slice(0, -1)) inner = inner?.groups.get(step);
    const found = inner?.datasets.get(steps.at(-1)!);
    if (!found)
      throw new Error(
        `${file}: expected '${path}' of the optimizer, got ${listed([...group.datasets.keys()])}`,
      );
    return found;
  };
  const values = await Promise.all(names.map((name) => numbersOf(file, find(name))));
  const trained = trainedOf(model, context);
  const rest = values.slice(/learning_rate/.test(names[1] ?? '') ? 2 : 1);
  // Keras 3 has pairs of slots by variable, Keras 2 one kind after the other.
  const slots = slotsOf(file, model.optimizer, trained, rest, context.era !== 'keras 3');
  return { iterations: values.length > 0 ? scalarOf(values[0]) : 0, slots };
}

// ---- weights alone --------------------------------------------------------------------------------------------------------

export async function loadKerasWeights(
  model: Model,
  source: FileSource,
  options: ReadOptions = {},
): Promise<void> {
  const file = await openFile('loadKerasWeights', source, options);
  const bytes = await file.whole();
  const root = isZip(bytes) ? await rootOf(openZip(file.name, bytes)) : openHdf5(file.name, bytes);
  const origin = fromNowhere(file.name);
  const older =
    root.groups.get('model_weights') ?? (root.attributes.has('layer_names') ? root : null);
  const found = older
    ? await weightsByLayer(origin, model, older)
    : await weightsOfGroups(origin, model, root);
  for (const [variable, values] of found) variable.assign(values);
}

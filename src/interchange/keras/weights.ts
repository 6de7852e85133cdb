/** The weights of Keras' files in the layers here: by groups of variables (Keras 3), or by layers with lists of names (Keras 2's HDF5). */
import type { Layer } from '../../layers/base.ts';
import { Network } from '../../layers/network.ts';
import { excerpt } from '../../options.ts';
import { sameShape, sizeOf } from '../../tensor.ts';
import type { Variable } from '../../tensor.ts';
import type { Floats } from '../arrays.ts';
import { decodeElements, toFloat32 } from '../elements.ts';
import type { FileTensor } from '../elements.ts';
import { textsOf } from '../hdf5/objects.ts';
import type { Hdf5Dataset, Hdf5Group } from '../hdf5/objects.ts';
import { snakeCase } from '../names.ts';
import { listed } from '../zip.ts';
import type { Context } from './context.ts';
import { fromCudnn, isCudnn } from './cudnn.ts';

/** New values for variables; none of them is set before all are there. */
export type Assignments = [Variable, Float32Array][];

/** What the walk needs to know of where layers came from. */
export type Origin = Pick<Context, 'file' | 'kerasClasses' | 'orders'>;

export const fromNowhere = (file: string): Origin => ({
  file,
  kerasClasses: new Map(),
  orders: new Map(),
});

/** The layers of a network in Keras' order. */
export const orderOf = (network: Network, { orders }: Pick<Origin, 'orders'>): readonly Layer[] =>
  orders.get(network) ?? network.layers;

/** Trained weights in Keras' order, which an optimizer goes by. */
export function trainedOf(layer: Layer, origin: Pick<Origin, 'orders'>): Variable[] {
  const list =
    layer instanceof Network
      ? orderOf(layer, origin).flatMap((inner) => trainedOf(inner, origin))
      : layer.trainableWeights;
  return [...new Set(list)];
}

export async function numbersOf(file: string, dataset: Hdf5Dataset): Promise<Floats> {
  const tensor = await dataset.read();
  const isBfloat16 =
    tensor.type === 'uint16' && (await textsOf(dataset, 'dtype', file))?.[0] === 'bfloat16';
  const { shape } = tensor;
  if (!isBfloat16) return { shape, data: toFloat32(tensor) };
  const bits = new Uint8Array(Uint16Array.from(tensor.data as Int32Array).buffer);
  return { shape, data: decodeElements('bfloat16', bits) as Float32Array<ArrayBuffer> };
}

export function assign(
  { file }: Pick<Origin, 'file'>,
  place: string,
  variables: readonly Variable[],
  values: readonly Floats[],
): Assignments {
  const shapes = (list: readonly { readonly shape: readonly number[] }[]): string =>
    list.map(({ shape }) => `[${shape}]`).join(', ') || 'none';
  const fits =
    variables.length === values.length &&
    variables.every(({ shape }, i) => sameShape(shape, values[i].shape));
  if (!fits)
    throw new Error(
      `${file}, ${place}: expected weights ${shapes(variables)}, got ${shapes(values)}; the file is of another model`,
    );
  return variables.map((variable, i) => [variable, values[i].data]);
}

// ---- Keras 3 ------------------------------------------------------------------------------------------------------------

/** Of `model.weights.h5` and of files of `save_weights`. */
export async function weightsOfGroups(
  origin: Origin,
  network: Network,
  root: Hdf5Group,
): Promise<Assignments> {
  const { file } = origin;
  const found: Assignments = [];
  const taken = new Set<Hdf5Group>();
  const leaf = async (layer: Layer, group: Hdf5Group | undefined, place: string): Promise<void> => {
    const variables = layer.weights;
    if (variables.length === 0) return;
    const own = group?.groups.get('cell') ?? group;
    const vars = own?.groups.get('vars');
    if (!vars)
      throw new Error(
        `${file}, layer ${place}: expected its weights in '${own?.path ?? place}/vars', which are missing; the file is of another model`,
      );
    taken.add(vars);
    const values = await Promise.all(inOrder(vars).map((dataset) => numbersOf(file, dataset)));
    found.push(...assign(origin, `layer ${place}`, variables, values));
  };
  const visit = async (
    layer: Layer,
    group: Hdf5Group | undefined,
    place: string,
  ): Promise<void> => {
    const inner = (one: Layer, name: string) =>
      visit(one, group?.groups.get(name), `${place}/${one.name}`);
    if (layer instanceof Network)
      return container(orderOf(layer, origin), group?.groups.get('layers'), place);
    const parts = layer.sublayers;
    if (layer.className === 'Bidirectional') {
      await inner(parts[0], 'forward_layer');
      return inner(parts[1], 'backward_layer');
    }
    if (layer.className === 'TimeDistributed') return inner(parts[0], 'layer');
    if (layer.className === 'RNN') {
      const [cell] = parts;
      const own = group?.groups.get('cell');
      return cell.className === 'StackedRNNCells'
        ? container(cell.sublayers, own?.groups.get('cells'), place)
        : leaf(cell, own, place);
    }
    return leaf(layer, group, place);
  };
  const container = async (
    layers: readonly Layer[],
    group: Hdf5Group | undefined,
    place: string,
  ) => {
    const used = new Map<string, number>();
    const named = group ? await groupsByName(file, group) : new Map<string, Hdf5Group>();
    for (const layer of layers) {
      const kind = snakeCase(origin.kerasClasses.get(layer) ?? layer.className);
      const count = used.get(kind) ?? 0;
      used.set(kind, count + 1);
      const key = count === 0 ? kind : `${kind}_${count}`;
      await visit(
        layer,
        named.get(layer.name) ?? group?.groups.get(key),
        place === '' ? layer.name : `${place}/${layer.name}`,
      );
    }
  };
  await visit(network, root, '');
  const inside = root.groups.get('layers');
  const left = inside ? varsIn(inside).find((vars) => !taken.has(vars)) : undefined;
  if (left)
    throw new Error(
      `${file}: expected weights of layers of the model alone, got some in '${left.path}'; the file is of another model`,
    );
  return found;
}

/** Groups by the names that their layers have, where the file says so. */
async function groupsByName(file: string, group: Hdf5Group): Promise<Map<string, Hdf5Group>> {
  const named = new Map<string, Hdf5Group>();
  for (const inner of group.groups.values()) {
    const name = (await textsOf(inner, 'name', file))?.[0];
    if (name) named.set(name, inner);
  }
  return named;
}

/** Groups of variables, but for the counters of random numbers. */
function varsIn(group: Hdf5Group): Hdf5Group[] {
  return [...group.groups].flatMap(([name, inner]) => {
    if (name === 'seed_generator') return [];
    return name === 'vars' ? (inner.datasets.size > 0 ? [inner] : []) : varsIn(inner);
  });
}

/** Variables are named by numbers, which a file sorts as texts. */
export function inOrder({ datasets }: Hdf5Group): Hdf5Dataset[] {
  return [...datasets].sort(([a], [b]) => Number(a) - Number(b)).map(([, dataset]) => dataset);
}

// ---- Keras 2 ------------------------------------------------------------------------------------------------------------

/** Of the group `model_weights` of a whole model, or of a file of `save_weights`: by layer, trained weights and then the others. */
export async function weightsByLayer(
  origin: Origin,
  network: Network,
  root: Hdf5Group,
): Promise<Assignments> {
  const { file } = origin;
  const names = (await textsOf(root, 'layer_names', file)) ?? [...root.groups.keys()];
  const found: Assignments = [];
  const taken = new Set<string>();
  for (const layer of orderOf(network, origin)) {
    const variables = [...layer.trainableWeights, ...layer.nonTrainableWeights];
    if (variables.length === 0) continue;
    const group = root.groups.get(layer.name);
    if (!group)
      throw new Error(
        `${file}: expected weights of '${layer.name}', got those of ${listed(names)}; the file is of another model`,
      );
    taken.add(layer.name);
    const paths = (await textsOf(group, 'weight_names', file)) ?? [];
    const values = await Promise.all(
      paths.map((path) => numbersOf(file, datasetAt(file, group, path))),
    );
    found.push(
      ...assign(origin, `layer ${layer.name}`, variables, canonical(origin, layer, values)),
    );
  }
  for (const name of names) {
    const group = root.groups.get(name);
    const paths = group && !taken.has(name) ? await textsOf(group, 'weight_names', file) : null;
    if (paths && paths.length > 0)
      throw new Error(
        `${file}: expected weights of layers of the model alone, got some of '${name}'; the file is of another model`,
      );
  }
  return found;
}

function datasetAt(file: string, group: Hdf5Group, path: string): Hdf5Dataset {
  const steps = path.split('/');
  let inner: Hdf5Group | undefined = group;
  for (const step of steps.slice(0, -1)) inner = inner?.groups.get(step);
  const found = inner?.datasets.get(steps.at(-1)!);
  return found ?? missing(file, `${group.path}/${path}`);
}
function missing(file: string, path: string): never {
  throw new Error(`${file}: expected a dataset '${path}', which is missing; the file is damaged`);
}

/** In the layout of other layers where they are in that of cuDNN. */
function canonical(origin: Origin, layer: Layer, values: readonly Floats[]): readonly Floats[] {
  const leaves = layer.className === 'Bidirectional' ? layer.sublayers : [layer];
  if (!leaves.some((leaf) => isCudnn(origin.kerasClasses.get(leaf)))) return values;
  return leaves.flatMap((leaf, i) =>
    fromCudnn(origin.kerasClasses.get(leaf)!, values.slice(3 * i, 3 * i + 3)),
  );
}

// ---- before the weights are there -----------------------------------------------------------------------------------------

/** Zeros for weights, as long as a file of so many bytes can have as many: a config may ask for any shape. */
export function zerosFor(
  file: string,
  bytes: number,
): (path: string, shape: readonly number[]) => Float32Array {
  let left = bytes / 2;
  return (path, shape) => {
    const size = sizeOf(shape);
    left -= size;
    if (!(left >= 0))
      throw new Error(
        `${file}: expected as many weights as its ${bytes} bytes hold, got a configuration that asks for '${path}' of [${excerpt(String(shape))}]; it was made to fill the memory`,
      );
    return new Float32Array(size);
  };
}

export const scalarOf = ({ data }: Pick<FileTensor, 'data'>): number => Number(data[0]);

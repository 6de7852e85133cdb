/** What a model takes: a slot for each input, and the arrays that go into them. */
import type { InputLayer } from '../layers/input.ts';
import type { Network } from '../layers/network.ts';
import type { HostArray } from './arrays.ts';
import { isGenerator, readAll } from './batch_data.ts';
import type { BatchData, BatchGenerator, NamedSlot } from './batch_data.ts';
import { needBuilt } from './checks.ts';

/** One array an input, an output, and an output's weights. */
export interface Parts<A> {
  readonly x: readonly A[];
  readonly y: readonly A[];
  /** By output: [samples] or [samples, steps]; null counts every sample once. */
  readonly sampleWeight: readonly (A | null)[];
}
/** The same parts with `change` applied to each array. */
export function mapArrays<A, B>(
  { x, y, sampleWeight }: Parts<A>,
  change: (array: A) => B,
): Parts<B> {
  const weights = sampleWeight.map((array) => array && change(array));
  return { x: x.map(change), y: y.map(change), sampleWeight: weights };
}

export function inputSlots({ inputs }: Pick<Network, 'inputs'>): NamedSlot[] {
  return inputs.map(({ call: { layer }, shape, dtype }) => ({
    name: layer.name,
    what: `input '${layer.name}'`,
    dtype,
    shape,
    encode: (layer as InputLayer).encode,
  }));
}

/**
 * Builds a stack that does not know the shape of its input yet, from the data.
 *
 * @returns `x`, or the array that it was read into
 */
export async function buildFor<X extends BatchData | BatchGenerator>(
  what: string,
  network: Network,
  x: X,
): Promise<X | HostArray> {
  if (network.built) return x;
  if (isGenerator(x)) needBuilt(`${what} with a generator`, network, `${what} arrays first`);
  const slot = { name: 'input', what: 'input', dtype: network.inputDtype, shape: null };
  const [array] = await prepareInputs([slot], x as BatchData);
  network.buildFor(array.shape);
  return array;
}

/** The array of each input. */
export function prepareInputs(
  inputs: readonly NamedSlot[],
  x: BatchData | null | undefined,
): Promise<HostArray[]> {
  if (x === undefined || x === null) throw new Error('expected inputs x, got none');
  return readAll(x, inputs, 'x');
}

/** What makes a model: of a stack of layers, or of a graph of them. */
import type { Device } from '../backend.ts';
import type { Layer, SymbolicTensor } from '../layers/base.ts';
import type { NetworkOptions } from '../layers/network.ts';
import { check, DEVICE, LIST, readOptions, TEXT, WHOLE } from '../options.ts';
import { Model } from './model.ts';

/** The options of `sequential` and `model`. */
export interface ModelOptions {
  /** `sequential` or `functional` by default. */
  name?: string;
  /** False for a model that fit leaves as it is, inside another one. */
  trainable?: boolean;
  /** Of initial weights, dropout and shuffling; that of `setSeed` where it is left out, else another one every time. */
  seed?: number;
  /** The default device where it is left out. */
  device?: Device;
}

const OWN: ModelOptions = { name: undefined, trainable: true, seed: undefined, device: undefined };
const MUST_BE = { name: TEXT, seed: WHOLE, device: DEVICE };

/**
 * A stack of layers: the output of each is the input of the next. The first may be what `layers.input()` gives; then
 * the weights are made at once, otherwise with the first data.
 *
 * @throws Error naming the layer that does not fit the one before it
 * @example
 * ```js
 * const model = sequential([
 *   layers.input({ shape: [null, 8] }),
 *   layers.lstm(16),
 *   layers.dense(1, { activation: 'sigmoid' }),
 * ]);
 * ```
 */
export function sequential(
  layers: readonly (Layer | SymbolicTensor)[] = [],
  options: ModelOptions = {},
): Model {
  check('sequential', 'layers', layers, LIST);
  return new Model({ ...readOptions('sequential', options, OWN, MUST_BE), layers });
}

/**
 * A graph of layers, from what `layers.input()` gave to what `layer.apply()` gave: several inputs or outputs, shared
 * layers, branches.
 *
 * @param options.inputs one, or a list
 * @param options.outputs one, or a list
 * @throws Error where the outputs depend on an input that is not among the inputs
 * @example
 * ```js
 * const x = layers.input({ shape: [null, 8], name: 'x' });
 * const sequence = layers.gru(16, { returnSequences: true }).apply(x);
 * const tags = layers.dense(5, { activation: 'softmax', name: 'tags' }).apply(sequence);
 * const mood = layers.dense(1, { name: 'mood' }).apply(layers.globalAveragePooling1D().apply(sequence));
 * const both = model({ inputs: x, outputs: [tags, mood] });
 * both.compile({ optimizer: 'adam', loss: { tags: 'categoricalCrossentropy', mood: 'meanSquaredError' } });
 * ```
 */
export function model(
  options: ModelOptions & {
    inputs: SymbolicTensor | readonly SymbolicTensor[];
    outputs: SymbolicTensor | readonly SymbolicTensor[];
  },
): Model {
  const graph = { inputs: undefined, outputs: undefined };
  return new Model(readOptions<NetworkOptions>('model', options, { ...OWN, ...graph }, MUST_BE));
}

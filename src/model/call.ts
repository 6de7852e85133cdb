/** A model called on a batch, eagerly and recorded, for training loops of your own. */
import type { Layer } from '../layers/base.ts';
import type { Network } from '../layers/network.ts';
import { checkMask, listByName } from '../layers/shapes.ts';
import type { StateValue, StateValues } from '../layers/weights.ts';
import { notEqual } from '../ops/compare.ts';
import { tensorOf } from '../ops/operands.ts';
import { reshape } from '../ops/shape.ts';
import { checkNames } from '../options.ts';
import { tensor, Tensor } from '../tensor.ts';
import type { TensorLike } from '../tensor.ts';
import { acceptTensor, hostArray } from './arrays.ts';
import { listOf } from './batch_data.ts';
import type { BatchData } from './batch_data.ts';
import { inputSlots } from './inputs.ts';
import { carryingLayers } from './stream_layers.ts';
import { layerNamed } from './stream_states.ts';
import type { InitialStates } from './stream_states.ts';

/** How `model.call` computes. */
export interface CallOptions {
  /** Whether dropout drops and batch normalization takes the statistics of the batch; false. */
  training?: boolean;
  /**
   * int32 [batch, time], 1 where a step counts; of a model with several inputs a list with a mask (or null) for each, or an object by their names.
   */
  mask?:
    | TensorLike
    | readonly (TensorLike | null)[]
    | Readonly<Record<string, TensorLike | null>>
    | null;
  /** By the names of recurrent layers, what each begins with: by position, or by name, `{ h, c }` of an LSTM; [batch, units] each. */
  initialState?: InitialStates;
  /** What dropout draws: the same number drops the same. By default the number of calls in training before this one. */
  step?: number;
}

/** @param step of dropout @returns by output, or that of the only one */
export function callModel(
  network: Network,
  x: BatchData,
  options: CallOptions,
  { step, seed }: { step: number; seed: number },
): Tensor | Tensor[] {
  checkNames('call', options, ['training', 'mask', 'initialState', 'step']);
  const { training = false, mask = null, initialState = {} } = options;
  const { built, inputDtype: dtype, name } = network;
  const slots = built
    ? inputSlots(network)
    : [{ name: 'input', what: `${name}: input`, dtype, shape: null }];
  const inputs = listOf(x, slots, `${name}: x`).map((value, i) => {
    if (value instanceof Tensor)
      return acceptTensor(tensorOf(name, value, network.device), slots[i]);
    const { data, shape } = hostArray(value, slots[i]);
    return tensor(data, shape, undefined, network.device);
  });
  if (!built) network.buildFor(inputs[0].shape);
  const masks = masksOf(slots, mask).map((given, i) => {
    if (given === null) return null;
    const flags = tensorOf(name, given, network.device, 'int32');
    checkMask(slots[i].what, flags, inputs[i].shape);
    return notEqual(flags, 0);
  });
  const states = new Map(
    Object.entries(initialState).map(([layer, values]) =>
      statesOf(network, layer, values, inputs[0].shape[0]),
    ),
  );
  const { outputs } = network.forward(inputs, { training, step, seed, masks, states });
  return outputs.length === 1 ? outputs[0] : outputs;
}

/** By input. */
function masksOf(
  slots: readonly { readonly name: string }[],
  mask: NonNullable<CallOptions['mask']> | null,
): (TensorLike | null)[] {
  if (slots.length === 1 || mask === null || mask instanceof Tensor || typeof mask !== 'object')
    return slots.map((_, i) => (i === 0 ? (mask as TensorLike | null) : null));
  const given = mask as Readonly<Record<string, TensorLike | null>>;
  return slots.map(({ name }, i) => given[Array.isArray(mask) ? i : name] ?? null);
}

/** A recurrent layer of that name, and its states as tensors. */
function statesOf(
  network: Network,
  layerName: string,
  values: StateValues,
  batch: number,
): readonly [Layer, Tensor[]] {
  const layer = layerNamed(network.name, carryingLayers(network), layerName);
  const named = values as readonly StateValue[] | Readonly<Record<string, StateValue>>;
  const list = listByName(layer.name, 'initialState', named, layer.stateNames);
  return [
    layer,
    list.map((value) => {
      const { data, shape = undefined } =
        value && typeof value === 'object' && 'shape' in value && !(value instanceof Tensor)
          ? value
          : { data: value };
      const state = tensorOf(layer.name, data as TensorLike, network.device, 'float32');
      if (shape) return reshape(state, shape);
      // Flat numbers are rows, one after the other.
      return state.rank === 1 ? reshape(state, [batch, state.size / batch]) : state;
    }),
  ];
}

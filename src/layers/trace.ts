/** Runs a layer, or a model with it, and tells what the layer computed at every step. */
import { noGrad } from '../autograd.ts';
import type { Device, DType } from '../backend.ts';
import { backward } from '../backward.ts';
import { FoldTrace } from '../ops/fold_trace.ts';
import type { Trace } from '../ops/fold_trace.ts';
import { reshape } from '../ops/views.ts';
import { scope, tensor, Tensor } from '../tensor.ts';
import type { Nested, Shape } from '../tensor.ts';
import type { CallContext, Layer } from './base.ts';
import { Bidirectional } from './bidirectional.ts';
import { RecurrentLayer } from './recurrent.ts';

export type { Trace, TraceArray } from '../ops/fold_trace.ts';

/** Of a bidirectional layer, both in the order of time. */
export interface BidirectionalTrace {
  readonly forward: Trace;
  readonly backward: Trace;
}

/** Nested lists, numbers with their shape, or a tensor on the layer's device. */
export type TraceInput =
  Nested | { readonly data: ArrayLike<number>; readonly shape: Shape } | Tensor;

export interface TraceOptions {
  /** [batch, time]: 0 where a step is masked. */
  mask?: TraceInput;
  /** The states before the first step, as the layer takes them: [batch, units] each. */
  initialState?: readonly TraceInput[];
  /**
   * A scalar computed from the layer's outputs, of which the gradients are; without one there are none. The outputs are those that the
   * layer has in a model: the last step's, or all with `returnSequences`, then the states with `returnState`.
   */
  loss?: (...outputs: Tensor[]) => Tensor;
}

/**
 * What a recurrent layer computes for `x`, step by step: its gates and states, by name, and with a loss the gradients of its states.
 * Without dropout. Nothing changes; the states of a `stateful` layer are those to begin with, and stay as they are.
 *
 * @param layer of a model, or the two of a bidirectional layer at once
 * @param x [batch, time, features]; or [time, features] of one example, a batch of one
 */
export function traceLayer(
  layer: RecurrentLayer,
  x: TraceInput,
  options?: TraceOptions,
): Promise<Trace>;
export function traceLayer(
  layer: Bidirectional,
  x: TraceInput,
  options?: TraceOptions,
): Promise<BidirectionalTrace>;
export function traceLayer(
  layer: RecurrentLayer | Bidirectional,
  x: TraceInput,
  options?: TraceOptions,
): Promise<Trace | BidirectionalTrace>;
export async function traceLayer(
  layer: RecurrentLayer | Bidirectional,
  x: TraceInput,
  { mask, initialState = [], loss }: TraceOptions = {},
): Promise<Trace | BidirectionalTrace> {
  if (!layer.built)
    throw new Error(
      `${layer.name}: expected a built layer, got one without weights; put it into a model, which builds it`,
    );
  const [{ device }] = layer.weights;
  const place = (value: TraceInput, rank: number, dtype: DType = 'float32'): Tensor => {
    const given = toTensor(value, dtype, device);
    if (given.device !== device)
      throw new Error(
        `${layer.name}: expected a tensor on the layer's device (${device.description}), got ${given} on ${given.device.description}`,
      );
    // One example is a batch of one.
    return given.rank === rank - 1 ? reshape(given, [1, ...given.shape]) : given;
  };
  return traceRun(layer, loss !== undefined, (context) => {
    const inputs = [place(x, 3), ...initialState.map((state) => place(state, 2))];
    const masks = [mask === undefined ? null : place(mask, 2, 'int32')];
    const { outputs } = layer.run(inputs, { ...context, masks });
    return loss ? loss(...outputs) : null;
  });
}

function toTensor(value: TraceInput, dtype: DType, device: Device): Tensor {
  if (value instanceof Tensor) return value;
  if (typeof value === 'number' || Array.isArray(value))
    return tensor(value as Nested, undefined, dtype, device);
  const { data, shape } = value as { data: ArrayLike<number>; shape: Shape };
  return tensor(Array.from(data), shape, dtype, device);
}

/**
 * What `layer` computes in `run`, which runs it once and returns the loss, if there is one. Everything is recorded, and every read is
 * begun, before this function returns.
 *
 * @param run gets what the layer's context must have; the states of `stateful` layers stay as they are
 */
export async function traceRun<R extends Trace | BidirectionalTrace>(
  layer: Layer,
  hasLoss: boolean,
  run: (context: CallContext) => Tensor | null,
): Promise<R> {
  const traced = layer instanceof Bidirectional ? layer.forward : layer;
  if (!(traced instanceof RecurrentLayer))
    throw new Error(
      `trace: expected a recurrent layer with a cell of its own, or two in bidirectional(), got ${layer.className} '${layer.name}'; summary() lists the layers`,
    );
  const { weights } = layer;
  const rounded = hasLoss && weights.find(({ dtype }) => dtype !== 'float32');
  if (rounded)
    throw new Error(
      `${layer.name}: expected float32 weights where gradients are asked for, got ${rounded} after quantize(); trace without a loss`,
    );
  const inner: readonly Layer[] = layer.sublayers;
  const folds = new Map<Layer, FoldTrace>();
  const watch = (one: Layer): FoldTrace | null => {
    // Of a bidirectional layer itself, where one operation computes both directions, or each of its two layers.
    if (one !== layer && !inner.includes(one)) return null;
    if (folds.has(one))
      throw new Error(
        `${one.name}: expected a layer that runs once, got one that is used again; trace it on what it is given in each place`,
      );
    const sizes = (one instanceof Bidirectional ? one.forward : one) as RecurrentLayer;
    const fold = new FoldTrace(sizes, hasLoss);
    folds.set(one, fold);
    return fold;
  };
  const context: CallContext = {
    ...{ training: false, step: 0, seed: 0, masks: [] },
    // Never carried out: a trace changes nothing.
    updates: [],
    watch,
  };
  const tracked = weights.map((weight) => weight.tracked);
  let reading: Promise<Trace[]>[] = [];
  try {
    // Frozen weights too: without one that is tracked, nothing is recorded.
    if (hasLoss) for (const weight of weights) weight.tracked = true;
    scope(() => {
      const loss = hasLoss ? run(context) : noGrad(() => run(context));
      if (loss) backward(loss);
      reading = [...folds.values()].map((fold) => fold.read(layer.name));
    });
  } finally {
    weights.forEach((weight, i) => (weight.tracked = tracked[i]));
  }
  const [first, second] = (await Promise.all(reading)).flat();
  if (!first)
    throw new Error(
      `${layer.name}: expected a layer that the model runs, got one that it does not run; name one of the model's own`,
    );
  return (second ? { forward: first, backward: second } : first) as R;
}

/** Runs a layer, or a model with it, and tells what the layer computed at every step. */
import { noGrad } from '../autograd.ts';
import type { Device, DType } from '../backend.ts';
import { backward } from '../backward.ts';
import { FoldTrace } from '../ops/fold_trace.ts';
import type { Trace, TracedSizes } from '../ops/fold_trace.ts';
import { reshape } from '../ops/views.ts';
import { CALLABLE, check, checkNames, LIST, show } from '../options.ts';
import { getDevice, scope, tensor, Tensor } from '../tensor.ts';
import type { Nested, Shape } from '../tensor.ts';
import type { CallContext, Layer } from './base.ts';
import { Bidirectional } from './bidirectional.ts';
import { SequenceLayer } from './sequence_layer.ts';
import { ScanTrace, StepTrace } from './step_trace.ts';
import type { ScannedLayer } from './step_trace.ts';
import type { Watches } from './watches.ts';

export type { Trace, TraceArray } from '../ops/fold_trace.ts';

/** Of a bidirectional layer, both in the order of time. */
export interface BidirectionalTrace {
  /** Of the forward layer. */
  readonly forward: Trace;
  /** Of the backward layer. */
  readonly backward: Trace;
}

/** Nested lists, numbers with their shape, or a tensor on the layer's device. */
export type TraceInput =
  Nested | { readonly data: ArrayLike<number>; readonly shape: Shape } | Tensor;

/** What a trace begins with, and of which loss its gradients are. */
export interface TraceOptions {
  /** 0 where a step is masked, [batch, time]; none by default. */
  mask?: TraceInput;
  /** The states before the first step, as the layer takes them: [batch, units] each; or those of one example. */
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
 * @param layer of a model, built in, `rnn(cell)` or a scan; or the two of a bidirectional layer at once
 * @param x [batch, time, ...], as the layer takes it; or [time, features] of one example, a batch of one
 */
export function traceLayer(
  layer: SequenceLayer,
  x: TraceInput,
  options?: TraceOptions,
): Promise<Trace>;
export function traceLayer(
  layer: Bidirectional,
  x: TraceInput,
  options?: TraceOptions,
): Promise<BidirectionalTrace>;
export function traceLayer(
  layer: SequenceLayer | Bidirectional,
  x: TraceInput,
  options?: TraceOptions,
): Promise<Trace | BidirectionalTrace>;
export async function traceLayer(
  layer: SequenceLayer | Bidirectional,
  x: TraceInput,
  options: TraceOptions = {},
): Promise<Trace | BidirectionalTrace> {
  checkNames('traceLayer', options, ['mask', 'initialState', 'loss']);
  const { mask, initialState = [], loss } = options;
  check('traceLayer', 'initialState', initialState, LIST);
  if (loss !== undefined) check('traceLayer', 'loss', loss, CALLABLE);
  checkTraced(layer);
  if (!layer.built)
    throw new Error(
      `${layer.name}: expected a built layer, got one without weights; put it into a model, which builds it`,
    );
  const device = layer.weights.at(0)?.device ?? getDevice();
  const place = (value: TraceInput, rank: number, dtype: DType = 'float32'): Tensor => {
    const given = toTensor(value, dtype, device);
    if (given.device !== device)
      throw new Error(
        `${layer.name}: expected a tensor on the layer's device (${device.description}), got ${given} on ${given.device.description}`,
      );
    // One example is a batch of one.
    return given.rank === rank - 1 ? reshape(given, [1, ...given.shape]) : given;
  };
  const own = layer instanceof Bidirectional ? layer.sublayers : [layer];
  const ranks = own.flatMap(({ stateShapes }) => stateShapes.map((shape) => 1 + shape.length));
  return traceRun(layer, loss !== undefined, (context) => {
    const inputs = [place(x, 3), ...initialState.map((state, s) => place(state, ranks[s]))];
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
  check('traceLayer', 'numbers', value, ['lists, { data, shape } or a tensor', () => Array.isArray(shape)]); // prettier-ignore
  return tensor(Array.from(data), shape, dtype, device);
}

function checkTraced(layer: Layer): asserts layer is SequenceLayer | Bidirectional {
  if (layer instanceof SequenceLayer || layer instanceof Bidirectional) return;
  const { className, name } = (layer ?? {}) as Partial<Layer>;
  const got = className === undefined ? show(layer) : `${className} '${name}'`;
  throw new Error(
    `trace: expected a recurrent layer or a bidirectional one, got ${got}; summary() lists the layers`,
  );
}

/** How a part of a layer is traced. */
interface PartTrace {
  read(layer: string): Promise<Trace[]>;
}

const TRACES: { [K in keyof Watches]: (layer: Layer, hasLoss: boolean) => Watches[K] & PartTrace } =
  {
    fold: (layer, hasLoss) => {
      const one = layer instanceof Bidirectional ? layer.forward : layer;
      return new FoldTrace(one as Layer & TracedSizes, hasLoss);
    },
    steps: (layer, hasLoss) => new StepTrace(layer, hasLoss),
    scan: (layer, hasLoss) => new ScanTrace(layer as Layer & ScannedLayer, hasLoss),
  };

const withSublayers = (layer: Layer): Layer[] => [layer, ...layer.sublayers.flatMap(withSublayers)];

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
  checkTraced(layer);
  const { weights } = layer;
  const rounded = hasLoss && weights.find(({ dtype }) => dtype !== 'float32');
  if (rounded)
    throw new Error(
      `${layer.name}: expected float32 weights where gradients are asked for, got ${rounded} after quantize(); trace without a loss`,
    );
  const inner = withSublayers(layer);
  // In the order in which they run: of a stack of cells there are several.
  const parts = new Map<Layer, PartTrace>();
  const watch: CallContext['watch'] = (one, kind) => {
    if (!inner.includes(one)) return null;
    if (parts.has(one))
      throw new Error(
        `${one.name}: expected a layer that runs once, got one that is used again; trace it on what it is given in each place`,
      );
    const part = TRACES[kind](one, hasLoss);
    parts.set(one, part);
    return part;
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
      reading = [...parts.values()].map((part) => part.read(layer.name));
      // A failed reading goes unhandled otherwise where the end of the scope throws.
      for (const one of reading) one.catch(() => undefined);
    });
  } finally {
    weights.forEach((weight, i) => (weight.tracked = tracked[i]));
  }
  const read = await Promise.all(reading);
  const ran = [...parts.keys()];
  if (ran.length === 0)
    throw new Error(
      `${layer.name}: expected a layer that the model runs, got one that it does not run; name one of the model's own`,
    );
  const of = (one: SequenceLayer): Trace => {
    const own = withSublayers(one);
    return joined(
      read.flatMap((traces, i) => (own.includes(ran[i]) ? traces : [])),
      one.stateNames,
    );
  };
  if (!(layer instanceof Bidirectional)) return of(layer) as R;
  // One operation may have computed both directions.
  const [forward, backwards] = ran[0] === layer ? read[0] : layer.sublayers.map(of);
  return { forward, backward: backwards } as R;
}

/** The traces of stacked cells as one. @param names of all their states, in order; a cell's name stands in front of its own */
function joined(traces: readonly Trace[], names: readonly string[]): Trace {
  if (traces.length === 1) return traces[0];
  let place = 0;
  const fronts = traces.map(({ states }) => {
    const [first = ''] = Object.keys(states);
    const front = names[place]?.slice(0, -first.length) ?? '';
    place += Object.keys(states).length;
    return front;
  });
  const together = (of: (trace: Trace) => Trace['states'] | null): Trace['states'] =>
    Object.fromEntries(
      traces.flatMap((trace, k) =>
        Object.entries(of(trace) ?? {}).map(([name, one]) => [fronts[k] + name, one]),
      ),
    );
  const hasLoss = traces[0].gradients !== null;
  return {
    gates: together(({ gates }) => gates),
    states: together(({ states }) => states),
    outputs: traces.at(-1)!.outputs,
    mask: traces[0].mask,
    gradients: hasLoss ? together(({ gradients }) => gradients) : null,
    gradientNorms: hasLoss ? together(({ gradientNorms }) => gradientNorms) : null,
  };
}

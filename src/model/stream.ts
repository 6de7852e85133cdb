/** Inference step by step: what recurrent layers carry stays on the device, a row for each of many independent streams. */
import { noGrad } from '../autograd.ts';
import type { NumericArray } from '../backend.ts';
import type { Graph, Layer, StreamState } from '../layers/base.ts';
import { runGraph } from '../layers/graph.ts';
import type { Network } from '../layers/network.ts';
import { reshape } from '../ops/shape.ts';
import { check, checkNames, COUNT, LIST, readOptions, show, sizeFor, WHOLE } from '../options.ts';
import { sameShape, scope, sizeOf, tensor, Tensor } from '../tensor.ts';
import { acceptTensor, hostArray } from './arrays.ts';
import type { ArrayData, HostArray, Slot } from './arrays.ts';
import { listOf } from './batch_data.ts';
import type { BatchData, NamedSlot } from './batch_data.ts';
import { needBuilt } from './checks.ts';
import { inputSlots } from './inputs.ts';
import { carryingLayers, followSteps, kindsOf, SEQUENCE, withoutInputs } from './stream_layers.ts';
import type { Kind } from './stream_layers.ts';
import { initialStates, StreamStates } from './stream_states.ts';
import type { InitialStates } from './stream_states.ts';
import { toDevice } from './upload.ts';

/** How many streams a stream runs side by side. */
export interface StreamOptions {
  /** Independent streams that are computed side by side: the rows of a step. 1 by default. */
  streams?: number;
  /** How many of them take part from the beginning; all by default. */
  joined?: number;
}

/** How a slot begins. */
export interface SlotOptions {
  /**
   * By the names of recurrent layers, their states: by position, or by name, `{ h, c }` of an LSTM; as many numbers as the layer has units. Also what
   * `states()` gave. Layers that are not named begin with zeros.
   */
  initialState?: InitialStates;
}

/**
 * Inference step by step: what recurrent layers carry stays on the device, a row for each of many independent streams.
 * `model.stream()` makes one.
 *
 * @example
 * ```js
 * const model = sequential([layers.input({ shape: [null, 2] }), layers.gru(4), layers.dense(1)]);
 * const stream = model.stream();
 * const y = await stream.step([[0.1, 0.2]]); // the next step of the only stream
 * console.log(y.length); // prints 1
 * stream.dispose();
 * ```
 */
export class Stream {
  /** Slots: the rows of a step. */
  readonly streams: number;
  private readonly model: Network;
  private readonly graph: Graph;
  private readonly kinds: readonly Kind[];
  private readonly inputs: readonly NamedSlot[];
  private readonly carried: StreamStates;
  private readonly joined: boolean[];
  /** By slot, whether its first step is still to come, with which it takes the initial states that the model's inputs give. */
  private readonly fresh: boolean[];

  constructor(model: Network, options: StreamOptions) {
    const none = { streams: 1, joined: undefined as number | undefined };
    const { streams, joined = streams } = readOptions('stream', options, none, {
      streams: COUNT,
      joined: [
        'a whole number from 0 to streams',
        (n) => WHOLE[1](n) && !((n as number) > (options.streams ?? 1)),
      ],
    });
    sizeFor('stream', streams, 1);
    needBuilt('stream', model, 'train it first');
    this.model = model;
    this.streams = streams;
    this.joined = Array.from({ length: streams }, (_, slot) => slot < joined);
    this.fresh = this.joined.map(() => true);
    this.kinds = kindsOf(model);
    this.inputs = inputSlots(model);
    this.graph = withoutInputs(model);
    const carried = new Map<Layer, StreamState>();
    followSteps(model, this.kinds, carried, 'stream');
    this.carried = new StreamStates(model.device, carried, streams);
  }

  /**
   * Computes the next step, or the next few, of every stream.
   *
   * It is handed to the device before this returns. So the next call need not wait for the promise: while one result is
   * on its way, the device computes the next.
   *
   * @param x a step [streams, features] (ids: [streams]), or a chunk [streams, time, features], as for `predict`; the
   *   rows of slots that take no part may hold anything
   * @param options which rows
   * @param options.slots those that take part in this step; all that have joined by default
   * @returns what `predict` on all steps so far would give for these, row-major; zeros for slots that take no part. A
   *   model with several outputs gives a list
   * @throws Error where the shape is no step of the model, or no slot takes part
   */
  async step<R extends NumericArray | NumericArray[] = NumericArray>(
    x: BatchData,
    options: { slots?: readonly number[] } = {},
  ): Promise<R> {
    checkNames('stream.step', options, ['slots']);
    const { slots } = options;
    check('stream', 'slots', slots ?? [], LIST);
    const { device } = this.model;
    slots?.forEach((slot) => this.checkSlot(slot, true));
    const active = this.joined.map((joined, slot) => joined && (slots?.includes(slot) ?? true));
    if (!active.includes(true))
      throw new Error('stream: expected a slot that takes part, got none; join() first');
    const reads = scope(() => {
      const outputs = this.run(this.inputsFor(x, active), active);
      // Of a step that was not recorded in full the states are still on the other side.
      this.carried.side = 1 - this.carried.side;
      active.forEach((on, slot) => (this.fresh[slot] &&= !on));
      return outputs.map((output) => {
        const read = device.read(output.storage, { poll: true });
        // A failed reading goes unhandled otherwise where the end of the scope throws.
        read.catch(() => undefined);
        return read;
      });
    });
    const values = await Promise.all(reads);
    for (const data of values) zeroRows(data, active);
    return (values.length === 1 ? values[0] : values) as R;
  }

  /** Takes the first free slot, with states of zero or those given, and gives its number. */
  join(options: SlotOptions = {}): number {
    const slot = this.joined.indexOf(false);
    if (slot < 0)
      throw new Error(
        `stream: expected a free slot, got all ${this.streams} in use; leave() one, or make more with stream({ streams })`,
      );
    this.reset(slot, options);
    this.joined[slot] = true;
    return slot;
  }

  /** Frees a slot. */
  leave(slot: number): void {
    this.checkSlot(slot, true);
    this.joined[slot] = false;
  }

  /** Starts a slot anew, from states of zero or those given; all of them where none is named. Steps that were begun are not changed. */
  reset(slot?: number, options: SlotOptions = {}): void {
    checkNames('stream', options, ['initialState']);
    const { initialState } = options;
    if (slot !== undefined) this.checkSlot(slot, false);
    const given =
      initialState !== undefined &&
      initialStates('stream', this.model, initialState, 1, this.model.device);
    this.carried.clear(slot);
    this.fresh.fill(!given, slot, slot === undefined ? undefined : slot + 1);
    for (const [layer, values] of given || [])
      for (let row = slot ?? 0; row <= (slot ?? this.streams - 1); row++)
        this.carried.put(layer, row, values, 0, 1);
  }

  /**
   * What the layers carry for a slot after its steps so far, by their names; `join` or `reset` go on from it. For an LSTM it is h, then c. A layer
   * that keeps its last output or counts its steps has these behind its states.
   */
  states(slot = 0): Promise<Record<string, NumericArray[]>> {
    this.checkSlot(slot, true);
    return this.carried.read(slot, carryingLayers(this.model));
  }

  /** Frees the states. */
  dispose(): void {
    this.carried.dispose();
    this.joined.fill(false);
  }

  private run(inputs: readonly Tensor[], active: readonly boolean[]): readonly Tensor[] {
    const { model, graph, kinds, carried, fresh, streams } = this;
    const time = inputs[kinds.indexOf(SEQUENCE)]?.shape[1] ?? 1;
    const flagsOf = (): Int32Array =>
      Int32Array.from({ length: streams * time }, (_, i) => Number(active[Math.floor(i / time)]));
    // Always where there are several, so that no step is the first to need other kernels.
    const mask = streams > 1 ? tensor(flagsOf(), [streams, time], 'int32', model.device) : null;
    const begin = (layer: Layer, values: readonly Tensor[]): void =>
      active.forEach((on, slot) => {
        if (on && fresh[slot]) carried.put(layer, slot, values, slot, streams);
      });
    const stream = { states: carried.tensors, side: carried.side, active: mask, begin };
    const context = { training: false, step: 0, seed: model.seed, masks: [], stream };
    return noGrad(() => runGraph(graph, inputs, context)).outputs;
  }

  private inputsFor(x: BatchData, active: readonly boolean[]): readonly Tensor[] {
    const { inputs } = this;
    const arrays = listOf(x, inputs, 'x').map((value, i) =>
      this.rowsOf(value, inputs[i], this.kinds[i], active),
    );
    const times = arrays.flatMap(({ shape }, i) => (this.kinds[i] === SEQUENCE ? shape[1] : []));
    if (new Set(times).size > 1)
      throw new Error(`stream: expected as many steps in every input, got ${times.join(' and ')}`);
    return arrays.map((array) => toDevice(this.model.device, array));
  }

  /** [streams, time, ...], or [streams, ...] of what has no time. */
  private rowsOf(
    value: ArrayData,
    { what, dtype, shape }: Slot,
    kind: Kind,
    active: readonly boolean[],
  ): HostArray | Tensor {
    const open = { what, dtype, shape: null };
    const given = value instanceof Tensor ? acceptTensor(value, open) : hostArray(value, open);
    // What the model leaves open is as it comes.
    const features = shape!
      .slice(kind === SEQUENCE ? 2 : 1)
      .map((extent, i, { length }) => extent ?? given.shape.at(i - length) ?? 1);
    const step = [this.streams, ...features];
    const time = given.shape.length > step.length ? given.shape[1] : 1;
    const chunk = kind === SEQUENCE ? [this.streams, time, ...features] : step;
    const flat = given.shape.length === 1 && given.shape[0] === sizeOf(step);
    if (!flat && !sameShape(given.shape, step) && !sameShape(given.shape, chunk))
      throw new Error(
        `${what}: expected a step [${step}]${kind === SEQUENCE ? ` or a chunk [${[this.streams, 'time', ...features]}]` : ''} of ` +
          `${this.streams} streams, got [${given.shape}]; give a row for every slot`,
      );
    if (given instanceof Tensor) return reshape(given, chunk);
    if (!active.includes(false)) return { data: given.data, shape: chunk };
    const data = given.data.slice();
    zeroRows(data, active);
    return { data, shape: chunk };
  }

  private checkSlot(slot: number, joined: boolean): void {
    const { joined: all } = this;
    if (!WHOLE[1](slot) || !(joined ? all[slot] : slot < all.length))
      throw new Error(
        `stream: expected a slot of 0 to ${this.streams - 1} that has joined, got ${show(slot)}; join() gives one`,
      );
  }
}

function zeroRows(data: NumericArray, active: readonly boolean[]): void {
  const row = data.length / active.length;
  active.forEach((on, slot) => {
    if (!on) data.fill(0, slot * row, (slot + 1) * row);
  });
}

/** A recurrent layer and its mirror image, side by side (Schuster and Paliwal 1997). */
import type { DType } from '../backend.ts';
import { concat } from '../ops/concat.ts';
import { add, mul } from '../ops/map.ts';
import { runRecurrent } from '../ops/recurrent_run.ts';
import { flip, split } from '../ops/shape.ts';
import { foldSeed } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import { describe } from './architecture.ts';
import { Layer } from './base.ts';
import type { ApplyOptions, CallContext, Config, LayerConfig, SymbolicTensor } from './base.ts';
import type { Structure } from './nested.ts';
import { show } from '../options.ts';
import { withKnownOptions } from './known_options.ts';
import { RecurrentLayer } from './recurrent.ts';
import { SequenceLayer } from './sequence_layer.ts';
import { checkInputs, oneOf } from './shapes.ts';
import type { PartialShape } from './shapes.ts';
import { checkStates } from './states.ts';
import type { StateValues } from './weights.ts';

const MERGE_MODES = ['concat', 'sum', 'mul', 'ave'] as const;
/** How the outputs of two directions become one; null gives both. */
export type MergeMode = (typeof MERGE_MODES)[number] | null;

/** The options of `layers.bidirectional`. */
export interface BidirectionalOptions extends LayerConfig {
  /** How the outputs of the two directions become one; concat by default. */
  mergeMode?: MergeMode;
  /**
   * Made from the layer, with `goBackwards` turned round, where it is left out. It may be of another cell, with other options; its output
   * has the shape of the layer's, and `returnSequences`, `returnState` and `stateful` are the same.
   */
  backwardLayer?: SequenceLayer;
}
export type BidirectionalConfig = BidirectionalOptions & { layer: SequenceLayer };

/**
 * Two built-in layers of one cell and with the same activations, bias and dropout run in one operation, and see the input with the same
 * features dropped, unlike in Keras; others run one after the other. With `returnSequences`, outputs are in the order of time, and zero
 * at masked steps. Initial states and `returnState`: those of the forward layer, then those of the backward layer. Weights: the same order.
 */
export class Bidirectional extends Layer {
  static override readonly className: string = 'Bidirectional';
  static override get layerOptions() {
    return ['layer', 'backwardLayer'];
  }
  /** How the outputs become one. */
  readonly mergeMode: MergeMode;
  /** The layer that goes forwards: a copy of the one that was given. */
  readonly forward: SequenceLayer;
  /** The layer that goes the other way. */
  readonly backward: SequenceLayer;
  /** As its layers do: constants too, of `rnn`. @internal */
  override readonly applyNames: readonly string[];
  private readonly backwardGiven: boolean;

  constructor(config: BidirectionalConfig) {
    super(config);
    const { layer, backwardLayer } = config;
    for (const one of [layer, backwardLayer ?? layer])
      if (!(one instanceof SequenceLayer))
        throw new Error(
          `${this.name}: expected a recurrent layer (simpleRNN, lstm, gru), got ${show(one)}; write bidirectional(lstm(64))`,
        );
    const mode = config.mergeMode === undefined ? 'concat' : config.mergeMode;
    this.mergeMode = mode === null ? null : oneOf(this.name, 'mergeMode', mode, MERGE_MODES);
    // As in Keras: masked outputs of a sequence are zero, so that both directions agree on them.
    const zeroOutputForMask = layer.options.returnSequences;
    this.forward = layer.copy({ name: prefixed('forward_', layer.name), zeroOutputForMask });
    this.applyNames = layer.applyNames;
    this.backwardGiven = backwardLayer !== undefined;
    this.backward = (backwardLayer ?? layer).copy({
      // A config that is read back names the forward layer by its prefix.
      name: prefixed('backward_', (backwardLayer?.name ?? layer.name).replace(/^forward_/, '')),
      goBackwards: backwardLayer ? backwardLayer.options.goBackwards : !layer.options.goBackwards,
      zeroOutputForMask,
    });
    this.checkPair();
  }

  override get sublayers(): readonly [SequenceLayer, SequenceLayer] {
    return [this.forward, this.backward];
  }
  override get inputDtype(): DType {
    return this.forward.inputDtype;
  }
  override get stateNames(): readonly string[] {
    const { forward, backward } = this;
    return [
      ...forward.stateNames.map((name) => `forward ${name}`),
      ...backward.stateNames.map((name) => `backward ${name}`),
    ];
  }

  override listed(
    inputs: Structure<SymbolicTensor>,
    { initialState = [], ...others }: Omit<ApplyOptions, 'mask'>,
  ): SymbolicTensor[] {
    const named = super.listed([], { initialState });
    const count = this.forward.stateShapes.length;
    const [ahead, back] = this.sublayers.map((layer, d) =>
      layer.listed(inputs, {
        ...others,
        initialState: named.slice(d * count, d === 0 ? count : undefined),
      }),
    );
    const { inputCount, constantCount } = this.forward;
    const end = ahead.length - constantCount;
    const states = back.slice(inputCount, back.length - constantCount);
    return [...ahead.slice(0, end), ...states, ...ahead.slice(end)];
  }

  /** Their outputs are merged, step by step and element by element. */
  private checkPair(): void {
    const [a, b] = this.sublayers.map(({ outputShape, options }) => ({
      units: String(outputShape),
      returnSequences: options.returnSequences,
      returnState: options.returnState,
      stateful: options.stateful,
      backwards: options.goBackwards,
    }));
    if (a.backwards === b.backwards)
      throw new Error(
        `${this.name}: expected one of the layers to have goBackwards, got ${b.backwards} for both; set it on backwardLayer`,
      );
    for (const key of ['units', 'returnSequences', 'returnState', 'stateful'] as const)
      if (a[key] !== b[key])
        throw new Error(
          `${this.name}: expected both layers to have the same ${key}, got ${a[key]} and ${b[key]}; change backwardLayer`,
        );
  }

  // ---- shapes -------------------------------------------------------------------------------------------------------

  /** What the direction `d` gets of what is given: all but the states of the other one. */
  private partOf<T>(given: readonly T[], d: number): T[] {
    const { inputCount, stateShapes, constantCount } = this.forward;
    const middle = inputCount + stateShapes.length;
    const end = given.length - constantCount;
    return given.filter((_, i) => i < inputCount || i >= end || i < middle === (d === 0));
  }

  protected override checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    const { inputCount, constantCount } = this.forward;
    const sequences = shapes.slice(0, inputCount);
    checkInputs(this.name, this.forward.accepted, sequences, dtypes.slice(0, inputCount));
    const states = shapes.slice(inputCount, shapes.length - constantCount);
    if (states.length === 0) return;
    const expected = this.sublayers.flatMap(({ stateShapes }) => stateShapes);
    checkStates(this.name, states, this.stateNames, shapes[0][0], expected);
  }

  override computeOutputShapes(shapes: readonly PartialShape[]): PartialShape[] {
    const { mergeMode, sublayers } = this;
    const [ahead, back] = sublayers.map((layer, d) =>
      this.byKind(layer, layer.computeOutputShapes(this.partOf(shapes, d))),
    );
    const joined = ahead.outputs.map((shape) =>
      mergeMode === 'concat' ? [...shape.slice(0, -1), 2 * shape.at(-1)!] : shape,
    );
    const outputs = mergeMode === null ? [...joined, ...back.outputs] : joined;
    return [...outputs, ...ahead.states, ...back.states];
  }

  /** What a layer gives, by what it is. */
  private byKind<T>(
    layer: SequenceLayer,
    given: readonly T[],
  ): { outputs: readonly T[]; states: readonly T[] } {
    const { options, stateShapes } = layer;
    const end = given.length - (options.returnState ? stateShapes.length : 0);
    return { outputs: given.slice(0, end), states: given.slice(end) };
  }

  override computeMasks(
    _: readonly Tensor[],
    [mask]: readonly (Tensor | null)[],
    outputs: readonly Tensor[],
  ): (Tensor | null)[] {
    const { returnSequences, returnState } = this.forward.options;
    const states = returnState ? this.stateNames.length : 0;
    const kept = returnSequences ? (mask ?? null) : null;
    return outputs.map((_, i) => (i < outputs.length - states ? kept : null));
  }

  // ---- computing ----------------------------------------------------------------------------------------------------

  protected override build(shapes: readonly PartialShape[]): void {
    this.sublayers.forEach((layer, d) => layer.prepare(this.partOf(shapes, d), this.inside));
  }

  override call(given: readonly Tensor[], context: CallContext): Tensor[] {
    const { sublayers } = this;
    // Other random numbers than those of the forward layer.
    const seeds = [context.seed, foldSeed(context.seed, 2)];
    const contexts = seeds.map((seed, d) => {
      const masks = given.map((_, i) => context.masks[i] ?? null);
      return { ...context, seed, masks: this.partOf(masks, d) };
    });
    const parts = sublayers.map((_, d) => this.partOf(given, d));
    return isPair(sublayers)
      ? this.together(sublayers, parts, contexts)
      : this.oneByOne(parts, contexts);
  }

  /** Both directions in one operation. */
  private together(
    pair: readonly [RecurrentLayer, RecurrentLayer],
    parts: readonly (readonly Tensor[])[],
    contexts: readonly CallContext[],
  ): Tensor[] {
    const [forward] = pair;
    const [[x]] = parts;
    const [context] = contexts;
    const { returnSequences, returnState, goBackwards, zeroOutputForMask } = forward.options;
    const dropped = forward.dropInput(x, context);
    const sides = pair.map((layer) => layer.inputSides(dropped));
    const { output, states, elapsed } = runRecurrent(
      sides[0] === dropped ? dropped : concat(sides, -1),
      pair.map((layer, d) => layer.direction(x, parts[d].slice(1), contexts[d])),
      {
        ...forward.cellOptions,
        name: this.name,
        mask: context.masks[0] ?? null,
        returnSequences,
        zeroOutputForMask,
        elapsed: forward.carried?.elapsed ?? null,
        zoneout: forward.zoneout(context),
        watch: context.watch?.(this, 'fold'),
      },
    );
    pair.forEach((layer, d) => layer.carried?.end(states[d], elapsed, context));
    // The op gives the order of time; Keras gives that of the forward layer.
    const joined = goBackwards && returnSequences ? flip(output, 1) : output;
    const outputs = this.mergeMode === 'concat' ? [joined] : this.merge(split(joined, 2, -1));
    return [...outputs, ...(returnState ? states.flat() : [])];
  }

  /** The backward layer after the forward layer. */
  private oneByOne(
    parts: readonly (readonly Tensor[])[],
    contexts: readonly CallContext[],
  ): Tensor[] {
    const [ahead, back] = this.sublayers.map((layer, d) =>
      this.byKind(layer, layer.run(parts[d], contexts[d]).outputs),
    );
    // As in Keras: in the order in which the forward layer gives them.
    const turned = this.forward.options.returnSequences
      ? back.outputs.map((output) => flip(output, 1))
      : back.outputs;
    const outputs =
      this.mergeMode === null
        ? [...ahead.outputs, ...turned]
        : ahead.outputs.flatMap((output, i) => this.merge([output, turned[i]]));
    return [...outputs, ...ahead.states, ...back.states];
  }

  private merge([forward, backward]: readonly Tensor[]): Tensor[] {
    const { mergeMode } = this;
    if (mergeMode === 'concat') return [concat([forward, backward], -1)];
    if (mergeMode === null) return [forward, backward];
    if (mergeMode === 'mul') return [mul(forward, backward)];
    const sum = add(forward, backward);
    return [mergeMode === 'ave' ? mul(sum, 0.5) : sum];
  }

  /** What stateful layers begin the next batch with: the states of the forward layer, then those of the backward layer; null for zeros. */
  get states(): readonly Tensor[] | null {
    const [forward, backward] = this.sublayers.map(({ states }) => states);
    return forward && backward && [...forward, ...backward];
  }

  /** As of any layer, or all states in one list. */
  override resetStates(states?: StateValues): void {
    if (!Array.isArray(states)) return super.resetStates(states);
    const count = this.forward.stateShapes.length;
    this.forward.resetStates(states.slice(0, count));
    this.backward.resetStates(states.slice(count));
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      mergeMode: this.mergeMode,
      layer: describe(this.forward),
      backwardLayer: this.backwardGiven ? describe(this.backward) : undefined,
    };
  }
}

/**
 * Runs a recurrent layer forwards and a copy of it backwards over the sequence (Schuster and Paliwal 1997), and merges
 * the outputs. Input as the layer's; output [B, 2·units] with the default `mergeMode`, or [B, T, 2·units] where the
 * layer has `returnSequences`.
 *
 * @param layer any recurrent layer: built in, `rnn(cell)` or a scan. It is copied, with weights of its own
 * @throws Error naming the layer where it is no recurrent layer, or the backward layer does not fit it
 * @example
 * ```js
 * const model = sequential([
 *   layers.input({ shape: [null, 8] }),
 *   layers.bidirectional(layers.lstm(16, { returnSequences: true })), // [batch, time, 32]
 *   layers.bidirectional(layers.gru(4), { mergeMode: 'sum' }), // [batch, 4]
 * ]);
 * ```
 */
export function bidirectional(
  layer: SequenceLayer,
  options: BidirectionalOptions = {},
): Bidirectional {
  return withKnownOptions(new Bidirectional({ ...options, layer }), options);
}

/** Whether one operation computes both: the layers differ in nothing that it is told for both. */
function isPair(
  layers: readonly [SequenceLayer, SequenceLayer],
): layers is readonly [RecurrentLayer, RecurrentLayer] {
  const [forward, backward] = layers.map((layer) =>
    layer instanceof RecurrentLayer
      ? JSON.stringify([
          layer.cellOptions,
          layer.units,
          layer.options.useBias,
          layer.options.dropout,
          layer.options.zoneout,
        ])
      : null,
  );
  return forward !== null && forward === backward;
}

function prefixed(prefix: string, name: string): string {
  return name.startsWith(prefix) ? name : prefix + name;
}

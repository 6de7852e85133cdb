/**
 * Layers connected into a model: a graph from inputs to outputs, or a stack of layers, which becomes such a graph once
 * the shape of its input is known. A network is a layer, and may be used in another one. It does not know of training.
 */
import type { Device, DType } from '../backend.ts';
import { show as showValue } from '../options.ts';
import { getDevice } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, SymbolicTensor } from './base.ts';
import type { CallContext, Config, Graph, LayerCall, LayerConfig, LayerResult } from './base.ts';
import { graphConfig, stackConfig } from './architecture.ts';
import { InputLayer } from './input.ts';
import { modelSeed } from './seeds.ts';
import { show } from './shapes.ts';
import type { PartialShape } from './shapes.ts';
import { assignNames, callsBetween, checkUsed, runGraph, shapesOf } from './graph.ts';
import type { SavedWeights } from './weighted_layer.ts';

/** Either `inputs` and `outputs`, or `layers`. */
export interface NetworkOptions extends LayerConfig {
  /** What `input()` gave; one or a list. */
  inputs?: SymbolicTensor | readonly SymbolicTensor[];
  /** What layers gave of the inputs; one or a list. */
  outputs?: SymbolicTensor | readonly SymbolicTensor[];
  /** A stack: the output of each is the input of the next. The first may be what `input()` gives. */
  layers?: readonly (Layer | SymbolicTensor)[];
  /** Of the initial weights and of dropout; that of `setSeed` where it is left out. */
  seed?: number;
  /** Where the weights live; the default device where it is left out. */
  device?: Device;
  /** Whether the weights wait for `buildFor`, or for the network that this one is put into. */
  lazy?: boolean;
}

/** A layer made of layers: a stack of them or a graph. Models are networks, and so is what `tdnn` makes. */
export class Network extends Layer {
  /** What the model takes. */
  inputs: readonly SymbolicTensor[] = [];
  /** What it gives. */
  outputs: readonly SymbolicTensor[] = [];
  /** Uses of layers, in the order in which they are computed. @internal */
  calls: readonly LayerCall[] = [];
  /** Of first weights, dropout and the order of samples. */
  readonly seed: number;
  /** The layers of a stack; null for a graph that was given. */
  private readonly stack: Layer[] | null;
  private readonly stacked = new Set<Layer>();
  private graphLayers: readonly Layer[] = [];
  private readonly givenDevice: Device | null;

  constructor(options: NetworkOptions) {
    super(options);
    if (!this.named) this.name = options.layers ? 'sequential' : 'functional';
    this.seed = options.seed ?? modelSeed();
    this.givenDevice = options.device ?? null;
    this.stack = options.layers ? [] : null;
    this.inputSpec = {};
    if (options.layers) {
      for (const layer of options.layers) this.stackUp(layer);
      // All at once: connecting them one by one would take time with the square of their number.
      this.connectStacked();
    } else {
      this.connectGraph(listOf(options.inputs), listOf(options.outputs));
      // A file may have been saved before this was an error.
      if (!options.lazy) checkUsed(this.name, this);
    }
    if (!options.lazy) this.buildIfKnown();
  }

  override get className(): string {
    return this.stack ? 'Sequential' : 'Functional';
  }

  /**
   * Puts a layer on top of a stack.
   *
   * @throws Error where the model is a graph, or the layer does not fit
   */
  add(layer: Layer | SymbolicTensor): void {
    this.stackUp(layer);
    try {
      this.connectStacked();
    } catch (error) {
      this.stacked.delete(this.stack!.pop()!);
      throw error;
    }
    this.buildIfKnown();
  }

  // ---- the graph ----------------------------------------------------------------------------------------------------

  /** All layers, each once; inputs included. */
  get layers(): readonly Layer[] {
    return this.stack ?? this.graphLayers;
  }
  override get sublayers(): readonly Layer[] {
    return this.layers;
  }
  override get innerGraph(): Graph {
    return this;
  }

  /** The layer of that name. @throws Error naming those that there are */
  getLayer(name: string): Layer {
    const found = this.layers.find((layer) => layer.name === name);
    if (!found)
      throw new Error(
        `${this.name}: expected the name of a layer (${this.layers.map((layer) => layer.name).join(', ')}), got ${showValue(name)}; summary() lists them`,
      );
    return found;
  }

  private connectGraph(
    inputs: readonly SymbolicTensor[],
    outputs: readonly SymbolicTensor[],
  ): void {
    if (inputs.length === 0 || outputs.length === 0)
      throw new Error(
        `${this.name}: expected at least one input and one output, got ${inputs.length} and ${outputs.length}; pass what input() and apply() give`,
      );
    this.inputs = inputs;
    this.outputs = outputs;
    this.calls = callsBetween(this.name, inputs, outputs);
    this.graphLayers = [...new Set(this.calls.map((call) => call.layer))];
    assignNames(this.name, this.layers);
  }

  private stackUp(item: Layer | SymbolicTensor): void {
    if (this.stack === null)
      throw new Error(
        `${this.name}: add() is for sequential models, got a graph; use layer.apply()`,
      );
    const layer = item instanceof SymbolicTensor ? item.call.layer : item;
    if (!(layer instanceof Layer))
      throw new Error(
        `${this.name}: expected layers, got ${showValue(item)} at position ${this.stack.length}; use layers.lstm(64) or the like`,
      );
    if (layer instanceof InputLayer && this.stack.length > 0)
      throw new Error(
        `${this.name}: expected an input only at position 0, got one at position ${this.stack.length}; use model({inputs, outputs})`,
      );
    if (this.stacked.has(layer))
      throw new Error(
        `${this.name}: expected each layer once, got '${layer.name}' again; use model({inputs, outputs}) to share a layer`,
      );
    this.stack.push(layer);
    this.stacked.add(layer);
    this.built = false;
  }

  /** Connects what was stacked up: the last layer to those that are connected already, or all of them. */
  private connectStacked(): void {
    const [first] = this.stack!;
    if (this.inputs.length > 0) this.connectStack(this.inputs[0], this.stack!.length - 1);
    else if (first instanceof InputLayer) this.connectStack(first.symbolic());
    else assignNames(this.name, this.stack!);
  }

  /** @param from the first layer that is not connected yet */
  private connectStack(start: SymbolicTensor, from = 0): void {
    let x = from > 0 ? this.outputs[0] : start;
    for (const layer of this.stack!.slice(from)) {
      if (layer instanceof InputLayer) continue;
      const outputs = layer.applyAll([x]);
      if (outputs.length !== 1)
        throw new Error(
          `${this.name}: expected layers with one output, got ${outputs.length} from '${layer.name}'; use model({inputs, outputs})`,
        );
      x = outputs[0]!;
    }
    this.connectGraph([start], [x]);
  }

  // ---- building -----------------------------------------------------------------------------------------------------

  /** Where the weights live, or will. */
  override get device(): Device {
    return this.built ? super.device : (this.givenDevice ?? getDevice());
  }

  /** Builds as soon as the shape of the input is known, as Keras does. */
  private buildIfKnown(): void {
    if (this.calls.some((call) => !(call.layer instanceof InputLayer))) this.buildFor();
  }

  /**
   * Makes the weights that are not there yet.
   *
   * @param inputShape with the batch; only for a stack that does not start with `input()`
   * @param saved instead of first values
   *
   * @internal
   */
  buildFor(inputShape?: PartialShape, saved?: SavedWeights): void {
    this.prepare(inputShape ? [inputShape] : [], {
      device: this.givenDevice ?? getDevice(),
      seed: this.seed,
      path: null,
      saved,
    });
    for (const [name, weight] of this.namedWeights()) weight.name = name;
  }

  protected override build(inputShapes: readonly PartialShape[]): void {
    if (this.calls.length === 0) this.startStack(inputShapes[0]);
    for (const { layer, inputs } of this.calls)
      layer.prepare(
        inputs.map((input) => input.shape),
        this.inside,
      );
  }

  /** The input that a stack was not given. */
  private startStack(inputShape: PartialShape | undefined): void {
    const [first] = this.stack!;
    if (!first || !inputShape)
      throw new Error(
        `${this.name}: expected ${first ? 'to know the shape of the input' : 'at least one layer'} before it is built; start it with input({ shape }), or call it on data first`,
      );
    // Extents between the batch and the features may vary from batch to batch, unless a layer's width follows from them.
    const ids = first.inputDtype === 'int32';
    const open = inputShape.map((extent, axis) =>
      axis > 0 && axis === inputShape.length - 1 && !ids ? extent : null,
    );
    this.stack!.unshift(this.startWith(open, first));
    const widths = this.calls.slice(1).flatMap((call) => call.outputs.map((x) => x.shape.at(-1)));
    if (widths.includes(null))
      this.stack![0] = this.startWith([null, ...inputShape.slice(1)], first);
  }

  private startWith(batchShape: PartialShape, first: Layer): InputLayer {
    const start = new InputLayer({ batchShape, dtype: first.inputDtype });
    this.connectStack(start.symbolic());
    return start;
  }

  // ---- as a layer ---------------------------------------------------------------------------------------------------

  override get inputDtype(): DType {
    return this.layers[0]?.inputDtype ?? 'float32';
  }
  override outputDtype(): DType {
    return this.outputs[0]?.dtype ?? 'float32';
  }

  override computeOutputShapes(inputShapes: readonly PartialShape[]): PartialShape[] {
    if (this.calls.length === 0)
      return this.stack!.reduce(
        (shapes, layer) => layer.computeOutputShapes(shapes),
        [...inputShapes],
      );
    return shapesOf(this, inputShapes);
  }

  protected override checkInputs(shapes: readonly PartialShape[]): void {
    const expected = this.inputs.length || 1;
    if (shapes.length !== expected)
      throw new Error(
        `${this.name}: expected ${expected} input(s) (${this.inputs.map(String).join(', ')}), got ${shapes.length} (${shapes.map(show).join(', ')}); pass one for each`,
      );
  }

  override call(inputs: readonly Tensor[], context: CallContext): unknown {
    return this.run(inputs, context).outputs;
  }

  override run(given: readonly Tensor[], context: CallContext): LayerResult {
    this.checkInputs(given.map((x) => x.shape));
    if (!this.built) this.buildFor(given[0].shape);
    return runGraph(this, given, context);
  }

  /**
   * Outputs and their masks. Recorded for gradients unless in `noGrad`; run it in a `scope` to free what lies between.
   *
   * @param inputs one for each of `this.inputs`
   * @param context.step optimizer steps so far, so that dropout drops something else at every step
   * @param context.masks of the inputs, int32, where they have some
   */
  forward(inputs: readonly Tensor[], context: Partial<CallContext> = {}): LayerResult {
    return this.run(inputs, {
      training: false,
      step: 0,
      seed: this.seed,
      masks: [],
      ...context,
    });
  }

  override getConfig(): Config {
    const config = this.stack ? stackConfig(this.layers) : graphConfig(this);
    return { ...super.getConfig(), ...config };
  }
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as T[]) : [value as T];
}

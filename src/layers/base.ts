/** What a layer is, and the tensors that stand for its outputs in a model that is being described. */
import type { DType, Storage } from '../backend.ts';
import { check, checkNames, show as showValue } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import { named } from './errors.ts';
import type { Structure } from './nested.ts';
import { checkInputs, checkMask, listByName, show } from './shapes.ts';
import type { InputSpec, PartialShape } from './shapes.ts';
import type { Watches } from './watches.ts';
import { WeightedLayer } from './weighted_layer.ts';
import type { LayerConfig } from './weighted_layer.ts';
import { STATES_BY_NAME } from './weights.ts';
import type { StateValues } from './weights.ts';

export type { LayerConfig };

/** What a layer may know of the moment that it is called in. */
export interface CallContext {
  /** Whether dropout drops. */
  readonly training: boolean;
  /** Optimizer steps so far: the counter of dropout's random numbers. */
  readonly step: number;
  /** Another one for every call in a model: the key of dropout's random numbers. */
  readonly seed: number;
  /** Set where a cell goes through a sequence step by step: the number of the step, in the order of processing. */
  readonly timeStep?: number;
  /** By input: int32, 1 where a step counts; null where all do. */
  readonly masks: readonly (Tensor | null)[];
  /**
   * Takes what a training step changes besides trained weights. Each is called with the flag of a failed step, allocates what
   * it needs, and returns a function that makes the change. Where this is left out, layers make their changes at once.
   */
  readonly updates?: ((guard: Storage | null) => () => void)[];
  /** What recurrent layers begin with, [batch, ...] each, of layers that the model's graph gives nothing. */
  readonly states?: ReadonlyMap<Layer, readonly Tensor[]>;
  /** Set where the steps are the next ones of streams. @internal */
  readonly stream?: StreamContext;
  /** Set where a layer is traced: whatever goes through a sequence asks whether it is to show its steps, and to what. @internal */
  readonly watch?: <K extends keyof Watches>(layer: Layer, kind: K) => Watches[K] | null;
}

/** What a layer carries from one time step to the next, for each row of a batch. */
export interface StreamState {
  /** Numbers in each of its states: [64, 64] for h and c of an LSTM of 64 units. They begin as zeros. */
  readonly widths: readonly number[];
  /** Whether it goes from the first step to the last; a stream cannot run the others. */
  readonly forwards: boolean;
  /** What layers inside carry, each for itself, beside that. */
  readonly inside?: ReadonlyMap<Layer, StreamState>;
  /** How many of its inputs are sequences, 1 where it is left out. Initial states and what stays the same at every step follow them. */
  readonly inputs?: number;
  /** By output, whether it has a time axis; where it is left out, one of the input's rank has. */
  readonly timed?: readonly boolean[];
}

/** Where layers with a `streamState` go on from in a stream. */
export interface StreamContext {
  /** By layer, its states one after the other, [2,batch,width] each: on one side what was, on the other what will be. */
  readonly states: ReadonlyMap<Layer, Tensor>;
  /** The side that is read from. */
  readonly side: number;
  /** int32 [batch,time]: 0 where a row takes no part; null where all do. */
  readonly active: Tensor | null;
  /** A layer tells it of the initial states that it is given, [batch, ...] each: rows that begin with this step go on from them. */
  readonly begin: (layer: Layer, states: readonly Tensor[]) => void;
}

/** What running a layer gives. */
export interface LayerResult {
  /** In the order of the layer. */
  outputs: Tensor[];
  /** By output: int32, 1 where a step counts; null where all do. */
  masks: (Tensor | null)[];
}

/** The options of a layer as JSON, as `getConfig` gives them and `registerLayer` gets them. */
export type Config = Record<string, unknown>;

/** What `apply` takes beside the inputs. */
export interface ApplyOptions {
  /**
   * int32 [batch, time], 0 where a step is left out; another input of the model, say. It counts in place of the mask that the first input
   * carries, and goes on from this layer as that one would.
   */
  mask?: SymbolicTensor | null;
  /** Of a recurrent layer: by position, or by name, `{ h, c }` of an LSTM; [batch, units] each. Of `rnn(cell)` also nested as its states are. */
  initialState?:
    | SymbolicTensor
    | readonly Structure<SymbolicTensor>[]
    | { readonly [name: string]: Structure<SymbolicTensor> };
  /** Of `rnn(cell)`: what its cell sees at every step, such as what an attention looks at. */
  constants?: SymbolicTensor | readonly SymbolicTensor[];
}

/**
 * A function of tensors with a name and with weights, which are made once the width of the input is known. A layer of
 * your own extends this class: it makes weights in `build` with `addWeight`, and computes in `call` with `ops`.
 */
export abstract class Layer extends WeightedLayer {
  /** The options of the constructor that are layers. A config holds `{ className, config }` of each, which loading makes again. */
  static get layerOptions(): readonly string[] {
    return [];
  }
  /** True in a layer whose output at a time step follows from its input at that step: `stream()` asks. */
  declare readonly stepwise?: boolean;
  /** Whether the input's mask is that of the outputs too. A layer that says false drops it, as in Keras. */
  protected supportsMasking = false;
  /** What the inputs must be: checked before `call`. */
  protected inputSpec: InputSpec = { dtype: 'float32' };
  /** What `apply` takes beside the inputs, by name. @internal */
  readonly applyNames: readonly string[] = ['mask', 'initialState'];

  /** Shapes of the outputs, null for what is unknown. By default that of the first input. */
  computeOutputShapes([shape]: readonly PartialShape[]): PartialShape[] {
    return [shape];
  }
  /**
   * `call(inputs: readonly Tensor[], context: CallContext): Tensor[]`, the outputs. The inputs have been checked and the layer is built. A `Cell` is
   * called otherwise.
   */
  abstract call(...given: never): unknown;

  /** By output, given the masks by input. */
  computeMasks(
    _inputs: readonly Tensor[],
    masks: readonly (Tensor | null)[],
    outputs: readonly Tensor[],
  ): (Tensor | null)[] {
    return outputs.map(() => (this.supportsMasking ? (masks[0] ?? null) : null));
  }

  /** By which the initial states of a recurrent layer are known, in their order. */
  get stateNames(): readonly string[] {
    return [];
  }

  /** Element type of the outputs. */
  outputDtype(_inputs: readonly DType[]): DType {
    return 'float32';
  }

  /** Element type of an input that is given none: int32 for ids. */
  get inputDtype(): DType {
    return this.inputSpec.dtype ?? 'float32';
  }

  override get sublayers(): readonly Layer[] {
    return [];
  }

  // ---- in a stream --------------------------------------------------------------------------------------------------

  /**
   * The axes of the input that the layer uses when it predicts, so that an output depends on other elements along them, or on its
   * place there; null, the default, for all. `stream()` runs a layer step by step where the time, axis 1, is not among them.
   */
  get usedAxes(): readonly number[] | null {
    return this.stepwise ? [] : null;
  }

  /**
   * What the layer carries along the time, for a stream to keep from one step to the next; null, the default, for nothing.
   * `call` then finds the states in `context.stream`, reads one side of them and leaves the new ones on the other. @internal
   */
  get streamState(): StreamState | null {
    return null;
  }

  /**
   * The places of inputs that the layer needs whole, such as what an attention looks at. In a stream these are the same at every step, and the
   * others go step by step.
   */
  get wholeInputs(): readonly number[] {
    return [];
  }

  /** The graph of the layers inside, of a layer that is a model. @internal */
  get innerGraph(): Graph | null {
    return null;
  }

  /** The options that make this layer again. */
  getConfig(): Config {
    return { name: this.name, trainable: this.trainable };
  }

  /**
   * Uses the layer in a model that is being described.
   *
   * @param inputs what `input()` or another layer's `apply` gave; of `rnn(cell)` nested as its cell takes them
   * @returns the output, or an array of them where the layer has several (`returnState`)
   */
  apply<R extends SymbolicTensor | SymbolicTensor[] = SymbolicTensor>(
    inputs: Structure<SymbolicTensor>,
    options: ApplyOptions = {},
  ): R {
    checkNames(this.name, options, this.applyNames);
    const { mask = null, ...others } = options;
    const outputs = this.applyAll(this.listed(inputs, others), mask);
    return (outputs.length === 1 ? outputs[0] : outputs) as R;
  }

  /** What `call` gets: the inputs, and then the initial states. */
  listed(
    inputs: Structure<SymbolicTensor>,
    { initialState = [] }: Omit<ApplyOptions, 'mask'>,
  ): SymbolicTensor[] {
    const given = (Array.isArray(inputs) ? inputs : [inputs]) as SymbolicTensor[];
    const states =
      initialState instanceof SymbolicTensor
        ? [initialState]
        : listByName(this.name, 'initialState', initialState, this.stateNames);
    return [...given, ...(states as SymbolicTensor[])];
  }

  /** Like `apply`, with the initial states after the inputs, and always gives an array. */
  applyAll(
    inputs: readonly SymbolicTensor[],
    mask: SymbolicTensor | null = null,
  ): SymbolicTensor[] {
    const strangers = [...inputs, ...(mask === null ? [] : [mask])].filter(
      (input) => !(input instanceof SymbolicTensor),
    );
    if (strangers.length > 0)
      throw new Error(
        `${this.name}: expected what input() or another layer's apply() gives, got ${showValue(strangers[0])}; numbers go into the model`,
      );
    const shapes = inputs.map((input) => input.shape);
    const dtypes = inputs.map((input) => input.dtype);
    this.checkInputs(shapes, dtypes);
    if (mask) checkMask(this.name, mask, shapes[0]);
    return connect(this, inputs, this.computeOutputShapes(shapes), this.outputDtype(dtypes), mask);
  }

  /** Checks the inputs, computes the outputs and what their masks are. */
  run(inputs: readonly Tensor[], context: CallContext): LayerResult {
    this.checkCall(inputs);
    try {
      const plain = this as unknown as { call(x: typeof inputs, c: CallContext): Tensor[] };
      const outputs = plain.call(inputs, context);
      return { outputs, masks: this.computeMasks(inputs, context.masks, outputs) };
    } catch (error) {
      throw named(this.name, error);
    }
  }

  /** What is checked of every run. */
  protected checkCall(inputs: readonly Tensor[]): void {
    const dtypes = inputs.map((input) => input.dtype);
    this.checkInputs(
      inputs.map((input) => input.shape),
      dtypes,
    );
    this.requireBuilt();
  }

  /** @throws Error naming the layer where the inputs are not what `inputSpec` says */
  protected checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    checkInputs(this.name, this.inputSpec, shapes, dtypes);
  }

  /**
   * Sets the states that `stateful` layers keep, of layers inside too.
   *
   * @param states to begin with: those of a recurrent layer by position or by name, of a model or a wrapper those of its layers by their
   *   names; zeros where they are left out
   * @throws Error naming the layer where a state has another shape; no state of that layer has changed then
   */
  resetStates(states: StateValues = {}): void {
    const names = this.sublayers.map(({ name }) => name);
    const given = Object.keys(check(this.name, 'states', states, STATES_BY_NAME));
    if (given.some((name) => !names.includes(name)))
      throw new Error(
        `${this.name}: expected states by the names of layers (${names.join(', ') || 'there is none in it'}), got ${Array.isArray(states) ? 'a list' : given.join(', ')}; recurrent layers with stateful: true keep states`,
      );
    const byName = states as Readonly<Record<string, StateValues>>;
    for (const layer of this.sublayers) layer.resetStates(byName[layer.name]);
  }
}

// ---- models that are being described ----------------------------------------------------------------------------------

/** One use of a layer. A shared layer has several. */
export interface LayerCall {
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** That was given, in place of the one that the first input carries. */
  readonly mask: SymbolicTensor | null;
  /** Calls in this order always find their inputs computed. */
  readonly order: number;
}

/** A model as uses of layers. */
export interface Graph {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** In the order in which they are computed; those of the inputs too. */
  readonly calls: readonly LayerCall[];
}

/** An output of a layer in a model that is being described. */
export class SymbolicTensor {
  /** With the batch first; null for what is not known yet. */
  readonly shape: PartialShape;
  /** Type of the elements. */
  readonly dtype: DType;
  /** The use of a layer that gives this tensor. @internal */
  readonly call: LayerCall;
  /** Which of the call's outputs this is. */
  readonly index: number;

  /** @internal */
  constructor(shape: PartialShape, dtype: DType, call: LayerCall, index: number) {
    this.shape = shape;
    this.dtype = dtype;
    this.call = call;
    this.index = index;
  }

  /** Number of axes, the batch included. */
  get rank(): number {
    return this.shape.length;
  }
  /** The layer's name, and which output it is where there are several. */
  get name(): string {
    const name = this.call.layer.name;
    return this.call.outputs.length > 1 ? `${name}[${this.index}]` : name;
  }
  /** Name, type and shape, as errors show them. */
  toString(): string {
    return `${this.name} ${this.dtype}${show(this.shape)}`;
  }
}

let order = 0;

/** Notes that `layer` is used on `inputs`, and gives its outputs. */
export function connect(
  layer: Layer,
  inputs: readonly SymbolicTensor[],
  shapes: readonly PartialShape[],
  dtype: DType,
  mask: SymbolicTensor | null = null,
): SymbolicTensor[] {
  const outputs: SymbolicTensor[] = [];
  const call: LayerCall = { layer, inputs, outputs, mask, order: order++ };
  shapes.forEach((shape, i) => outputs.push(new SymbolicTensor(shape, dtype, call, i)));
  return outputs;
}

/** What a layer is: a name, weights made once the input's width is known, and a function of tensors. */
import { DeviceError } from '../backend.ts';
import type { Device, DType, NumericArray, Storage } from '../backend.ts';
import { foldSeed, Random } from '../random.ts';
import { sizeOf, Variable } from '../tensor.ts';
import type { Nested, Shape, Tensor } from '../tensor.ts';
import { initializerOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { seedOfText } from './seeds.ts';
import { checkInputs } from './shapes.ts';
import type { InputSpec, PartialShape } from './shapes.ts';
import { connect, SymbolicTensor } from './symbolic.ts';
import { valuesFor } from './weights.ts';
import type { WeightValues } from './weights.ts';

/** What a layer may know of the moment that it is called in. */
export interface CallContext {
  /** Whether dropout drops. */
  readonly training: boolean;
  /** Optimizer steps so far: the counter of dropout's random numbers. */
  readonly step: number;
  /** Another one for every call in a model: the key of dropout's random numbers. */
  readonly seed: number;
  /** By input: int32, 1 where a step counts; null where all do. */
  readonly masks: readonly (Tensor | null)[];
  /**
   * Takes what a training step changes besides trained weights: it is called after the gradients were checked, with the
   * flag that they latch when the step failed. Where it is left out, layers make such changes at once.
   */
  readonly updates?: ((guard: Storage | null) => void)[];
  /** Set where the steps are the next ones of streams. */
  readonly stream?: StreamContext;
}

/** What recurrent layers go on from, instead of their own states. */
export interface StreamContext {
  /** Of each recurrent layer, [states,2,batch,units]: on one side what was, on the other what will be. */
  readonly states: ReadonlyMap<Layer, Tensor>;
  /** The side that is read from. */
  readonly side: number;
  /** int32 [batch,time]: 0 where a row takes no part; null where all do. */
  readonly active: Tensor | null;
}

export interface LayerResult {
  outputs: Tensor[];
  /** By output. */
  masks: (Tensor | null)[];
}

/** What a layer that is being built makes its weights with. */
export interface Placement {
  readonly device: Device;
  readonly seed: number;
  /** Names of the enclosing layers, each followed by a slash; null for a model that is in none. */
  readonly path: string | null;
  /** Values by path, instead of those of initializers; throws where it has none of that shape. */
  readonly saved?: SavedWeights | undefined;
}
export type SavedWeights = (path: string, shape: Shape) => ArrayLike<number>;

export interface LayerConfig {
  /** Unique in a model; made from the layer's kind where it is left out. */
  name?: string;
  /** False for a layer that fit leaves as it is. */
  trainable?: boolean;
}

export type Config = Record<string, unknown>;

interface Weight {
  readonly name: string;
  readonly variable: Variable;
  /** Whether it is trained when its layer is. */
  readonly trainable: boolean;
}

export abstract class Layer {
  name: string;
  /** False while `name` is only the layer's kind: a model then numbers it. */
  named: boolean;
  built = false;
  /** True in a layer of your own whose output at a time step follows from its input at that step: `stream()` asks. */
  declare readonly stepwise?: boolean;
  /** Whether the input's mask is that of the outputs too. A layer that says false drops it, as in Keras. */
  protected supportsMasking = false;
  protected inputSpec: InputSpec = { dtype: 'float32' };
  private readonly own: Weight[] = [];
  private isTrainable: boolean;
  private placement: Placement | null = null;

  constructor(config: LayerConfig = {}) {
    this.name = config.name ?? snakeCase(this.className);
    this.named = config.name !== undefined;
    this.isTrainable = config.trainable ?? true;
  }

  /** The name under which a saved model finds the layer again. */
  get className(): string {
    return 'Layer';
  }
  /** Shapes of the outputs, null for what is unknown. By default that of the first input. */
  computeOutputShapes([shape]: readonly PartialShape[]): PartialShape[] {
    return [shape];
  }
  /** The outputs. The inputs have been checked and the layer is built. */
  abstract call(inputs: readonly Tensor[], context: CallContext): Tensor[];

  /** Makes the weights, with `addWeight`. Called once. */
  protected build(_inputShapes: readonly PartialShape[]): void {}

  /** By output, given the masks by input. */
  computeMasks(
    _inputs: readonly Tensor[],
    masks: readonly (Tensor | null)[],
    outputs: readonly Tensor[],
  ): (Tensor | null)[] {
    return outputs.map(() => (this.supportsMasking ? (masks[0] ?? null) : null));
  }

  /** Element type of the outputs. */
  outputDtype(_inputs: readonly DType[]): DType {
    return 'float32';
  }

  /** Element type of an input that is given none: int32 for ids. */
  get inputDtype(): DType {
    return this.inputSpec.dtype ?? 'float32';
  }

  /** Layers inside this one, in the order of their weights. */
  get sublayers(): readonly Layer[] {
    return [];
  }

  /** The options that make this layer again. */
  getConfig(): Config {
    return { name: this.name, trainable: this.trainable };
  }

  // ---- use ----------------------------------------------------------------------------------------------------------

  /**
   * Uses the layer in a model that is being described.
   *
   * @param inputs what `input()` or another layer's `apply` gave
   * @param options.initialState of a recurrent layer: h, or h and c, [batch, units] each
   * @returns the output, or an array of them where the layer has several (`returnState`)
   */
  apply<R extends SymbolicTensor | SymbolicTensor[] = SymbolicTensor>(
    inputs: SymbolicTensor | readonly SymbolicTensor[],
    options: { initialState?: readonly SymbolicTensor[] } = {},
  ): R {
    const given = Array.isArray(inputs) ? (inputs as SymbolicTensor[]) : [inputs as SymbolicTensor];
    const outputs = this.applyAll([...given, ...(options.initialState ?? [])]);
    return (outputs.length === 1 ? outputs[0] : outputs) as R;
  }

  /** Like `apply`, and always gives an array. */
  applyAll(inputs: readonly SymbolicTensor[]): SymbolicTensor[] {
    const stranger = inputs.find((input) => !(input instanceof SymbolicTensor));
    if (stranger !== undefined)
      throw new Error(
        `${this.name}: expected what input() or another layer's apply() gives, got ${typeof stranger}; numbers go into the model`,
      );
    const shapes = inputs.map((input) => input.shape);
    const dtypes = inputs.map((input) => input.dtype);
    this.checkInputs(shapes, dtypes);
    return connect(this, inputs, this.computeOutputShapes(shapes), this.outputDtype(dtypes));
  }

  /** Makes the weights if there are none yet. A model does this for its layers. */
  prepare(inputShapes: readonly PartialShape[], placement: Placement): void {
    if (this.built && this.device !== placement.device)
      throw new Error(
        `${this.name}: expected all layers of a model on one device, got weights on ${this.device.description} for a model on ${placement.device.description}; make the layer again`,
      );
    if (this.built) return;
    this.placement = placement;
    this.build(inputShapes);
    this.built = true;
    if (!this.isTrainable) this.trainable = false;
  }

  /** Checks the inputs, computes the outputs and what their masks are. */
  run(inputs: readonly Tensor[], context: CallContext): LayerResult {
    this.checkCall(inputs);
    try {
      const outputs = this.call(inputs, context);
      return { outputs, masks: this.computeMasks(inputs, context.masks, outputs) };
    } catch (error) {
      throw named(this.name, error);
    }
  }

  /** What is checked of every run. */
  protected checkCall(inputs: readonly Tensor[]): void {
    this.checkInputs(
      inputs.map((input) => input.shape),
      inputs.map((input) => input.dtype),
    );
    this.requireBuilt();
  }

  protected checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    checkInputs(this.name, this.inputSpec, shapes, dtypes);
  }

  /** Zeroes the states that a `stateful` layer keeps, of layers inside too. */
  resetStates(): void {
    for (const layer of this.sublayers) layer.resetStates();
  }

  protected requireBuilt(): void {
    if (!this.built)
      throw new Error(
        `${this.name}: expected a built layer, got one without weights; put it into a model, which builds it`,
      );
  }

  // ---- weights ------------------------------------------------------------------------------------------------------

  /** Where the weights live. */
  protected get device(): Device {
    return this.placed.device;
  }

  /** For the layers inside this one. A model's name is in no weight's name, so that it may have any. */
  protected get inside(): Placement {
    return { ...this.placed, path: this.placed.path === null ? '' : `${this.path}/` };
  }

  private get path(): string {
    return (this.placed.path ?? '') + this.name;
  }

  private get placed(): Placement {
    if (this.placement === null)
      throw new Error(
        `${this.name}: expected a layer in a model, got one on its own; use it in sequential() or model()`,
      );
    return this.placement;
  }

  /** A weight, drawn from its own random numbers: what other layers there are does not change it. */
  protected addWeight(
    name: string,
    shape: Shape,
    initializer: InitializerOption,
    options: { trainable?: boolean } = {},
  ): Variable {
    const { device, seed, saved } = this.placed;
    const path = `${this.path}/${name}`;
    const initialize = initializerOf(this.name, initializer);
    const values =
      saved?.(path, shape) ?? initialize([...shape], new Random(foldSeed(seed, seedOfText(path))));
    // Not `allocate`: a weight must outlive the scope in which its layer happens to be built.
    const storage = device.alloc(sizeOf(shape), 'float32');
    device.write(storage, values);
    const trainable = options.trainable ?? true;
    const variable = new Variable(device, storage, shape, path, trainable && this.trainable);
    this.own.push({ name, variable, trainable });
    return variable;
  }

  /** Whether training changes the weights that can be trained. Setting it reaches the layers inside. */
  get trainable(): boolean {
    return this.isTrainable;
  }
  set trainable(value: boolean) {
    this.isTrainable = value;
    for (const { variable, trainable } of this.own) variable.trainable = trainable && value;
    for (const layer of this.sublayers) layer.trainable = value;
  }

  /** All weights, in the order of Keras. */
  get weights(): Variable[] {
    return [...new Set(this.namedWeights().values())];
  }
  get trainableWeights(): Variable[] {
    return this.weights.filter((weight) => weight.trainable);
  }
  get nonTrainableWeights(): Variable[] {
    return this.weights.filter((weight) => !weight.trainable);
  }

  /** Weights by name inside this layer: `kernel`, or `forward_lstm/kernel` for a layer in a layer. */
  namedWeights(): Map<string, Variable> {
    const found = new Map<string, Variable>();
    for (const { name, variable } of this.own) found.set(name, variable);
    for (const layer of this.sublayers)
      for (const [name, variable] of layer.namedWeights())
        found.set(`${layer.name}/${name}`, variable);
    return found;
  }

  /** Number of numbers in the weights. */
  countParams(): number {
    this.requireBuilt();
    return this.weights.reduce((sum, weight) => sum + weight.size, 0);
  }

  /** The values of all weights, in the order and layout of Keras. */
  async getWeights(): Promise<{ name: string; shape: Shape; data: NumericArray }[]> {
    this.requireBuilt();
    const { weights } = this;
    const values = await Promise.all(weights.map((weight) => weight.data()));
    return weights.map(({ name, shape }, i) => ({ name, shape, data: values[i] }));
  }

  /**
   * Replaces the values of all weights; changes none if one does not fit.
   *
   * @param values in the order and layout of `getWeights`: `{ shape, data }`, tensors, nested lists, or flat typed arrays
   */
  setWeights(values: readonly (WeightValues | Nested | NumericArray | Tensor)[]): void {
    this.requireBuilt();
    const { weights } = this;
    if (values.length !== weights.length)
      throw new Error(
        `${this.name}: expected ${weights.length} weight arrays (${weights.map((weight) => `${weight.name} [${weight.shape}]`).join(', ')}), got ${values.length}; pass what getWeights() of such a layer gives`,
      );
    const checked = weights.map((weight, i) => valuesFor(weight, values[i]));
    weights.forEach((weight, i) => weight.assign(checked[i]));
  }
}

/** What an operation threw, with the layer's name in front. A lost device is no layer's fault. */
function named(layer: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DeviceError) return error;
  if (error.message.startsWith(layer)) return error;
  const message = `${layer}: ${error.message}`;
  // A class of the user's may take other arguments.
  return error.constructor === Error
    ? new Error(message, { cause: error })
    : Object.assign(error, { message });
}

/** `SimpleRNN` to `simple_rnn`, as Keras names layers. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

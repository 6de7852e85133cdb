/** What a layer is called, and its weights: how they are made, read and replaced. */
import { check, checkNames, LIST, TEXT } from '../options.ts';
import type { Device, NumericArray } from '../backend.ts';
import { foldSeed, Random } from '../random.ts';
import { sizeOf, Variable } from '../tensor.ts';
import type { Nested, Shape, Tensor } from '../tensor.ts';
import { initializerOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { seedOfText } from './seeds.ts';
import type { PartialShape } from './shapes.ts';
import { valuesFor } from './weights.ts';
import type { WeightValues } from './weights.ts';

/** What a layer that is being built makes its weights with. */
export interface Placement {
  /** Where they are. */
  readonly device: Device;
  /** Of their initial values. */
  readonly seed: number;
  /** Names of the enclosing layers, each followed by a slash; null for a model that is in none. */
  readonly path: string | null;
  /** Values by path, instead of those of initializers; throws where it has none of that shape. */
  readonly saved?: SavedWeights | undefined;
}
/** The values of a weight, by its path and shape. */
export type SavedWeights = (path: string, shape: Shape) => ArrayLike<number>;

/** The options that every layer has. */
export interface LayerConfig {
  /** Unique in a model; made from the layer's kind where it is left out. */
  name?: string;
  /** False for a layer that `fit` leaves as it is; true by default. */
  trainable?: boolean;
}

interface Weight {
  readonly name: string;
  readonly variable: Variable;
  /** Whether it is trained when its layer is. */
  readonly trainable: boolean;
  readonly halvable: boolean;
}

export abstract class WeightedLayer {
  /** The name under which a saved model finds the layer again. */
  static readonly className: string = 'Layer';
  /** Unique in a model; errors and weights are named by it. */
  name: string;
  /** False while `name` is only the layer's kind: a model then numbers it. */
  named: boolean;
  /** Whether the weights have been made. */
  built = false;
  private readonly own: Weight[] = [];
  private isTrainable: boolean;
  private placement: Placement | null = null;

  constructor(config: LayerConfig = {}) {
    if (config === null) checkNames(this.className, config, ['name']);
    this.name = check('a layer', 'name', config.name ?? snakeCase(this.className), TEXT);
    this.named = config.name !== undefined;
    this.isTrainable = config.trainable ?? true;
  }

  /** The name of the class in a saved model. */
  get className(): string {
    return (this.constructor as typeof WeightedLayer).className;
  }
  /** Layers inside this one, in the order of their weights. */
  abstract get sublayers(): readonly WeightedLayer[];

  /** Makes the weights, with `addWeight`. Called once. */
  protected build(_inputShapes: readonly PartialShape[]): void {}

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

  /** @throws Error where there are no weights yet */
  protected requireBuilt(): void {
    if (!this.built)
      throw new Error(
        `${this.name}: expected a built layer, got one without weights; put it into a model, which builds it`,
      );
  }

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

  /**
   * A weight, drawn from its own random numbers: what other layers there are does not change it.
   *
   * @param name within the layer: `kernel`
   * @param shape all extents known
   * @param initializer how it begins
   * @param options what becomes of it
   * @param options.trainable whether it is trained when its layer is; true by default
   * @param options.halvable whether `quantize()` stores it as float16; false by default, since only products,
   *   embeddings and recurrent operations read such weights
   */
  protected addWeight(
    name: string,
    shape: Shape,
    initializer: InitializerOption,
    { trainable = true, halvable = false } = {},
  ): Variable {
    const { device, seed, saved } = this.placed;
    const path = `${this.path}/${name}`;
    const initialize = initializerOf(this.name, initializer);
    const random = new Random(foldSeed(seed, seedOfText(path)));
    random.device = device;
    const values = saved?.(path, shape) ?? initialize([...shape], random);
    // Not `allocate`: a weight must outlive the scope in which its layer happens to be built.
    const storage = device.alloc(sizeOf(shape), 'float32');
    device.write(storage, values);
    const variable = new Variable(device, storage, shape, path, trainable && this.trainable);
    this.own.push({ name, variable, trainable, halvable });
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
  /** Those that training changes. */
  get trainableWeights(): Variable[] {
    return this.weights.filter((weight) => weight.trainable);
  }
  /** Those that it does not: of frozen layers, and moving statistics. */
  get nonTrainableWeights(): Variable[] {
    return this.weights.filter((weight) => !weight.trainable);
  }

  /** Those that `quantize()` stores as float16, of layers inside too. */
  get halvableWeights(): Variable[] {
    const own = this.own.filter(({ halvable }) => halvable).map(({ variable }) => variable);
    return [...own, ...this.sublayers.flatMap((layer) => layer.halvableWeights)];
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
    check(this.name, 'weights', values, LIST);
    if (values.length !== weights.length)
      throw new Error(
        `${this.name}: expected ${weights.length} weight arrays (${weights.map((weight) => `${weight.name} [${weight.shape}]`).join(', ')}), got ${values.length}; pass what getWeights() of such a layer gives`,
      );
    const checked = weights.map((weight, i) => valuesFor(weight, values[i]));
    weights.forEach((weight, i) => weight.assign(checked[i]));
  }
}

/** `SimpleRNN` to `simple_rnn`, as Keras names layers. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

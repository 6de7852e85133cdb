/** Where data enters a model. */
import type { DType, NumericArray } from '../backend.ts';
import { check, checkNames, LIST, oneOf } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import { connect, Layer } from './base.ts';
import type { Config, LayerConfig, SymbolicTensor } from './base.ts';
import { checkInputs, fits, show } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** What a model takes: `shape`, or `batchShape` with the batch. */
export interface InputOptions extends LayerConfig {
  /** Without the batch; null for an extent that may vary, such as the time steps. */
  shape?: PartialShape;
  /** Fixes the batch size, which `stateful` layers may want. */
  batchSize?: number | null;
  /** Instead of `shape` and `batchSize`: with the batch. */
  batchShape?: PartialShape;
  /** `int32` for ids that go into an embedding; `float32` by default. */
  dtype?: DType;
}

/** int32 is for ids. */
const DTYPE = oneOf(['float32', 'int32']);

/** Where data enters a model. `input()` makes one, and gives its output. */
export class InputLayer extends Layer {
  static override readonly className: string = 'InputLayer';

  /** Extents with the batch; null for what may vary. */
  batchShape: PartialShape;
  /** Type of the elements: float32, or int32 for ids. */
  readonly dtype: DType;
  /** Makes numbers of texts, in an input that takes some: on the host, batch by batch. */
  declare readonly encode?: (texts: readonly string[]) => { data: NumericArray; shape: number[] };

  constructor(config: InputOptions) {
    super(config);
    this.batchShape = batchShapeOf(this.name, config);
    this.dtype = check(this.name, 'dtype', config.dtype ?? 'float32', DTYPE);
    this.supportsMasking = true;
  }

  override get inputDtype(): DType {
    return this.dtype;
  }
  override outputDtype(): DType {
    return this.dtype;
  }
  override computeOutputShapes(): PartialShape[] {
    return [this.batchShape];
  }
  override call(inputs: readonly Tensor[]): Tensor[] {
    return [...inputs];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), batchShape: this.batchShape, dtype: this.dtype };
  }

  /** The tensor that stands for what will be passed in. */
  symbolic(): SymbolicTensor {
    return connect(this, [], [this.batchShape], this.dtype)[0];
  }

  protected override checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    checkInputs(this.name, { dtype: this.dtype }, shapes, dtypes);
    for (const shape of shapes)
      if (!fits(shape, this.batchShape))
        throw new Error(
          `${this.name}: expected ${this.dtype}${show(this.batchShape)}, got ${dtypes[0]}${show(shape)}; reshape or pad the data, or change this input`,
        );
  }
}

function batchShapeOf(name: string, config: InputOptions): PartialShape {
  for (const option of ['shape', 'batchShape'] as const)
    check(name, option, config[option] ?? [], LIST);
  const shape =
    config.batchShape ?? (config.shape ? [config.batchSize ?? null, ...config.shape] : null);
  const valid = (extent: unknown): boolean =>
    extent === null || (typeof extent === 'number' && Number.isInteger(extent) && extent > 0);
  if (shape === null || shape.length === 0 || !shape.every(valid))
    throw new Error(
      `${name}: expected a shape of positive whole numbers and nulls, got ${shape ? show(shape) : 'none'}; write input({ shape: [steps, features] }), null for what varies`,
    );
  return [...shape];
}

/**
 * The start of a model: the tensor that stands for what will be passed in.
 *
 * @returns to be given to `layer.apply`, to `model({ inputs })`, or as the first of `sequential`
 * @throws Error where there is no shape, or an extent is neither null nor a positive whole number
 * @example
 * ```js
 * const signal = layers.input({ shape: [null, 16] }); // sequences of any length of 16 features
 * const words = layers.input({ shape: [20], dtype: 'int32', name: 'words' }); // 20 ids
 * ```
 */
export function input(options: InputOptions): SymbolicTensor {
  checkNames('input', options, ['name', 'trainable', 'shape', 'batchSize', 'batchShape', 'dtype']);
  return new InputLayer(options).symbolic();
}

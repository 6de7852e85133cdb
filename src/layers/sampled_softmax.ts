/** The output layer of a large vocabulary: the loss by some classes in training, by all of them elsewhere. */
import type { DType } from '../backend.ts';
import { takeAlong } from '../ops/gather.ts';
import { neg } from '../ops/map.ts';
import { matmul } from '../ops/matmul.ts';
import { sampledSoftmaxLoss } from '../ops/sampled_softmax.ts';
import { logSoftmax } from '../ops/softmax.ts';
import { expandDims, squeeze } from '../ops/views.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { Layer } from './base.ts';
import type { CallContext, Config, LayerConfig } from './base.ts';
import { configOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { withKnownOptions } from './known_options.ts';
import { checkInputs, fits, knownFeatures, positiveInteger, show } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.sampledSoftmax`. */
export interface SampledSoftmaxOptions extends LayerConfig {
  /** Classes that are drawn in each training step, beside the true ones. */
  numSampled: number;
  /** Whether a drawn class is left out where it is the true one; true by default. */
  removeAccidentalHits?: boolean;
  /** Whether a bias is added; true by default. */
  useBias?: boolean;
  /** How the kernel begins; `glorotUniform` by default. */
  kernelInitializer?: InitializerOption;
  /** How the bias begins; `zeros` by default. */
  biasInitializer?: InitializerOption;
  /** Of the draws; follows from the model's seed where it is left out. */
  seed?: number;
}
export type SampledSoftmaxConfig = SampledSoftmaxOptions & { classes: number };

/**
 * Of a vector alone, [..., D], the layer gives the logits of all classes, [..., classes], like `dense`. Of a vector and its label, [..., D] and int32
 * [...], it gives the loss, [...]: in training by sampled softmax (Jean et al. 2015), else by the softmax over all classes. Weights: kernel
 * [classes, D], a row a class, and bias [classes]. Classes must be numbered from the most frequent to the rarest.
 */
export class SampledSoftmax extends Layer {
  static override readonly className: string = 'SampledSoftmax';
  override readonly stepwise = true;
  /** As given, or the defaults. @internal */
  readonly options: Required<Omit<SampledSoftmaxConfig, keyof LayerConfig | 'seed'>>;
  /** Of the random numbers; undefined: it follows from the model's seed. */
  readonly seed: number | undefined;
  private kernel: Variable | null = null;
  private bias: Variable | null = null;

  constructor(config: SampledSoftmaxConfig) {
    super(config);
    this.options = {
      classes: positiveInteger(this.name, 'classes', config.classes),
      numSampled: positiveInteger(this.name, 'numSampled', config.numSampled),
      removeAccidentalHits: config.removeAccidentalHits ?? true,
      useBias: config.useBias ?? true,
      kernelInitializer: config.kernelInitializer ?? 'glorotUniform',
      biasInitializer: config.biasInitializer ?? 'zeros',
    };
    this.seed = config.seed;
    this.supportsMasking = true;
    this.inputSpec = { dtype: 'float32', minRank: 2, layout: '[batch, ..., features]' };
  }

  protected override checkInputs(
    [shape, labels, ...others]: readonly PartialShape[],
    [dtype, labelType]: readonly DType[],
  ): void {
    checkInputs(this.name, this.inputSpec, [shape], [dtype]);
    if (!labels) return;
    const wanted = shape.slice(0, -1);
    if (others.length > 0 || labelType !== 'int32' || !fits(labels, wanted))
      throw new Error(
        `${this.name}: expected one input, or a second one of labels int32${show(wanted)}, got ${labelType}${show(labels)}`,
      );
  }

  override computeOutputShapes([shape, labels]: readonly PartialShape[]): PartialShape[] {
    const leading = shape.slice(0, -1);
    return [labels ? leading : [...leading, this.options.classes]];
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const { classes, useBias, kernelInitializer, biasInitializer } = this.options;
    const features = knownFeatures(this.name, shape);
    this.kernel = this.addWeight('kernel', [classes, features], kernelInitializer);
    if (useBias) this.bias = this.addWeight('bias', [classes], biasInitializer);
    this.inputSpec = { ...this.inputSpec, features };
  }

  override call([x, labels]: readonly Tensor[], context: CallContext): Tensor[] {
    const { kernel, bias, options } = this;
    if (labels && context.training) {
      const { step, seed } = context;
      const { numSampled, removeAccidentalHits } = options;
      const draw = { numSampled, removeAccidentalHits, seed: this.seed ?? seed, step };
      return [sampledSoftmaxLoss(kernel!, bias, labels, x, draw)];
    }
    const logits = matmul(x, kernel!, { transposeB: true, bias });
    if (!labels) return [logits];
    const own = takeAlong(logSoftmax(logits), expandDims(labels, -1), -1);
    return [neg(squeeze(own, -1))];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this.options), seed: this.seed };
  }
}

/**
 * The output layer of a large vocabulary (Jean et al. 2015). Of a vector alone, [..., D], it gives the logits of all
 * classes, [..., classes]. Of a vector and its label, int32 [...], it gives the loss, [...]: in training by some drawn
 * classes, else by all. Classes must be numbered from the most frequent to the rarest.
 *
 * @param classes how many there are, such as the words of a vocabulary
 * @param options.numSampled must be given: classes that are drawn in each training step
 */
export function sampledSoftmax(classes: number, options: SampledSoftmaxOptions): SampledSoftmax {
  return withKnownOptions(new SampledSoftmax({ ...options, classes }), options);
}

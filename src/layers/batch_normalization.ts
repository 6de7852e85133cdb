/** Ioffe and Szegedy 2015: y = (x - mean) / sqrt(variance + epsilon) · gamma + beta, over all axes but that of the features. */
import { check, FRACTION } from '../options.ts';
import type { Storage } from '../backend.ts';
import { BATCH_NORMALIZATION_KERNELS } from '../kernel_groups/batch_normalization.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import { cast } from '../ops/compare.ts';
import { add, div, maximum, mul, rsqrt, square, sub } from '../ops/map.ts';
import { mean, sum, variance } from '../ops/reduce.ts';
import { reshape } from '../ops/shape.ts';
import { withDefaults } from '../defaults.ts';
import { sizeOf } from '../tensor.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { Layer } from './base.ts';
import type { CallContext, Config, LayerConfig } from './base.ts';
import { configOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { withKnownOptions } from './known_options.ts';
import { featureAxes, knownExtents } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.batchNormalization`. */
export interface BatchNormalizationConfig extends LayerConfig {
  /** That of the features, -1 by default. */
  axis?: number;
  /** What a step keeps of the moving statistics, 0.99 by default. */
  momentum?: number;
  /** Added to the variance, 1e-3 by default. */
  epsilon?: number;
  /** Whether beta is added; true by default. */
  center?: boolean;
  /** Whether gamma multiplies; true by default. */
  scale?: boolean;
  /** How beta begins; `zeros` by default. */
  betaInitializer?: InitializerOption;
  /** How gamma begins; `ones` by default. */
  gammaInitializer?: InitializerOption;
  /** How the moving mean begins; `zeros` by default. */
  movingMeanInitializer?: InitializerOption;
  /** How the moving variance begins; `ones` by default. */
  movingVarianceInitializer?: InitializerOption;
}

/**
 * The output has the shape and the mask of the input. Weights: gamma, beta, moving mean and moving variance, of the extent
 * of the axis; the last two are not trained.
 *
 * In training mean and variance (the biased one, as in Keras) are those of the batch, of the steps that the mask leaves in,
 * and the moving ones follow: moving · momentum + batch · (1 - momentum), unless the step fails. Otherwise, and with
 * `trainable: false`, the moving ones are used and stay.
 */
export class BatchNormalization extends Layer {
  static override readonly className: string = 'BatchNormalization';
  /** As given, or the defaults. @internal */
  readonly options: Required<Omit<BatchNormalizationConfig, keyof LayerConfig>>;
  private gamma: Variable | null = null;
  private beta: Variable | null = null;
  private moving: Variable[] = [];

  constructor(config: BatchNormalizationConfig = {}) {
    super(config);
    this.options = withDefaults(config, {
      axis: -1,
      momentum: 0.99,
      epsilon: 1e-3,
      center: true,
      scale: true,
      betaInitializer: 'zeros',
      gammaInitializer: 'ones',
      movingMeanInitializer: 'zeros',
      movingVarianceInitializer: 'ones',
    });
    const { momentum } = this.options;
    check(this.name, 'momentum', momentum, FRACTION);
    this.supportsMasking = true;
    this.inputSpec = { dtype: 'float32', minRank: 2 };
  }

  /** Each place along the axis has statistics of its own. */
  override get usedAxes(): readonly number[] {
    return [this.options.axis];
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const { options } = this;
    const axes = featureAxes(this.name, [options.axis], shape.length);
    const extent = knownExtents(this.name, shape, axes);
    if (options.scale) this.gamma = this.addWeight('gamma', extent, options.gammaInitializer);
    if (options.center) this.beta = this.addWeight('beta', extent, options.betaInitializer);
    const still = { trainable: false };
    this.moving = [
      this.addWeight('moving_mean', extent, options.movingMeanInitializer, still),
      this.addWeight('moving_variance', extent, options.movingVarianceInitializer, still),
    ];
    if (options.axis === -1) this.inputSpec = { ...this.inputSpec, features: extent[0] };
  }

  override call([x]: readonly Tensor[], context: CallContext): Tensor[] {
    const { gamma, beta, options } = this;
    const [axis] = featureAxes(this.name, [options.axis], x.rank);
    const along = x.shape.map((extent, k) => (k === axis ? extent : 1));
    const inPlace = (weight: Tensor): Tensor => reshape(weight, along);
    const ofBatch = context.training && this.trainable;
    const used = ofBatch ? moments(x, axis, context.masks[0] ?? null) : this.moving.map(inPlace);
    if (ofBatch) {
      if (context.updates) context.updates.push((guard) => () => this.follow(used, guard));
      else this.follow(used, null);
    }
    const spread = rsqrt(add(used[1], options.epsilon));
    const y = mul(sub(x, used[0]), gamma ? mul(spread, inPlace(gamma)) : spread);
    return [beta ? add(y, inPlace(beta)) : y];
  }

  /** moving · momentum + batch · (1 - momentum), unless the guard has latched a failed step. */
  private follow(batch: readonly Tensor[], guard: Storage | null): void {
    addKernels(BATCH_NORMALIZATION_KERNELS);
    const rate = 1 - this.options.momentum;
    this.moving.forEach((moving, i) =>
      this.device.run(
        'moving_average',
        { value: batch[i].storage, guard, moving: moving.storage },
        { size: moving.size, rate, guarded: Number(guard !== null) },
      ),
    );
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this.options) };
  }
}

/**
 * y = (x - mean) / √(variance + epsilon) · gamma + beta, over all axes but that of the features (Ioffe and Szegedy
 * 2015). In training the statistics are those of the batch, of the steps that the mask leaves in; otherwise the moving
 * ones, which follow in training. The output has the shape and the mask of the input. Weights: gamma, beta, moving_mean
 * and moving_variance, of the extent of the axis.
 */
export function batchNormalization(options: BatchNormalizationConfig = {}): BatchNormalization {
  return withKnownOptions(new BatchNormalization(options), options);
}

/** Mean and variance over all axes but one, which stay with extent 1, of what the mask leaves in. */
function moments(x: Tensor, axis: number, mask: Tensor | null): Tensor[] {
  const over = { axis: x.shape.map((_, k) => k).filter((k) => k !== axis), keepDims: true };
  if (!mask) return [mean(x, over), variance(x, over)];
  const inner = x.shape.slice(mask.rank);
  const weights = reshape(cast(mask, 'float32'), [...mask.shape, ...inner.map(() => 1)]);
  // Elements that a step of the mask stands for, but those of the axis itself.
  const each = sizeOf(inner) / (axis < mask.rank ? 1 : x.shape[axis]);
  const count = maximum(mul(sum(weights, over), each), 1);
  const average = (values: Tensor): Tensor => div(sum(mul(values, weights), over), count);
  const center = average(x);
  return [center, average(square(sub(x, center)))];
}

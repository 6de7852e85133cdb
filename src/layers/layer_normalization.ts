/** Ba, Kiros and Hinton 2016: y = (x - mean) / sqrt(variance + epsilon) · gamma + beta, over the axes of one sample. */
import { withDefaults } from '../defaults.ts';
import { add, mul } from '../ops/map.ts';
import { normalize } from '../ops/normalize.ts';
import { reshape } from '../ops/shape.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { Layer } from './base.ts';
import type { Config, LayerConfig } from './base.ts';
import { configOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { withKnownOptions } from './known_options.ts';
import { featureAxes, knownExtents } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.layerNormalization`. */
export interface LayerNormalizationConfig extends LayerConfig {
  /** The axes that are normalised together; the last by default. */
  axis?: number | readonly number[];
  /** Added to the variance; 1e-3 by default. */
  epsilon?: number;
  /** Whether beta is added; true by default. */
  center?: boolean;
  /** Whether gamma multiplies; true by default. */
  scale?: boolean;
  /** How gamma begins; `ones` by default. */
  gammaInitializer?: InitializerOption;
  /** How beta begins; `zeros` by default. */
  betaInitializer?: InitializerOption;
}

/** The output has the shape and the mask of the input. Weights: gamma and beta, of the extents of the axes. */
export class LayerNormalization extends Layer {
  static override readonly className: string = 'LayerNormalization';
  /** What is normalized. */
  readonly axis: readonly number[];
  /** Added to the variance. */
  readonly epsilon: number;
  /** Whether beta is added. */
  readonly center: boolean;
  /** Whether gamma multiplies. */
  readonly scale: boolean;
  private readonly initializers: Record<'gammaInitializer' | 'betaInitializer', InitializerOption>;
  private gamma: Variable | null = null;
  private beta: Variable | null = null;

  constructor(config: LayerNormalizationConfig = {}) {
    super(config);
    this.axis = [config.axis ?? -1].flat();
    this.epsilon = config.epsilon ?? 1e-3;
    this.center = config.center ?? true;
    this.scale = config.scale ?? true;
    this.initializers = withDefaults(config, {
      gammaInitializer: 'ones',
      betaInitializer: 'zeros',
    });
    this.supportsMasking = true;
    this.inputSpec = { dtype: 'float32', minRank: 2 };
  }

  override get usedAxes(): readonly number[] {
    return this.axis;
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const axes = featureAxes(this.name, this.axis, shape.length);
    const extent = knownExtents(this.name, shape, axes);
    const { gammaInitializer, betaInitializer } = this.initializers;
    if (this.scale) this.gamma = this.addWeight('gamma', extent, gammaInitializer);
    if (this.center) this.beta = this.addWeight('beta', extent, betaInitializer);
    if (this.axis.length === 1 && this.axis[0] === -1)
      this.inputSpec = { ...this.inputSpec, features: extent[0] };
  }

  override call([x]: readonly Tensor[]): Tensor[] {
    const axis = featureAxes(this.name, this.axis, x.rank);
    const along = x.shape.map((extent, k) => (axis.includes(k) ? extent : 1));
    let y = normalize(x, axis, this.epsilon);
    if (this.gamma) y = mul(y, reshape(this.gamma, along));
    if (this.beta) y = add(y, reshape(this.beta, along));
    return [y];
  }

  override getConfig(): Config {
    const { axis, epsilon, center, scale, initializers } = this;
    return { ...super.getConfig(), axis, epsilon, center, scale, ...configOf(initializers) };
  }
}

/**
 * y = (x - mean) / √(variance + epsilon) · gamma + beta, over the features of each step (Ba, Kiros and Hinton 2016), or
 * the axes of `axis`. The output has the shape and the mask of the input. Weights: gamma and beta, of the extents of
 * the axes.
 */
export function layerNormalization(options: LayerNormalizationConfig = {}): LayerNormalization {
  return withKnownOptions(new LayerNormalization(options), options);
}

/** Attention by a sum of a query and keys (Bahdanau et al. 2015), Keras' `AdditiveAttention`. */
import type { Tensor } from '../tensor.ts';
import { Attention } from './attention.ts';
import type { AttentionLayerOptions } from './attention_layer.ts';
import { additiveScores } from './attention_weights.ts';
import type { Config } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { knownFeatures } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.additiveAttention`. */
export interface AdditiveAttentionOptions extends AttentionLayerOptions {
  /** Whether trained numbers, one for each feature, weigh tanh(query + key); true. */
  useScale?: boolean;
}

/**
 * softmax(Σ scale ∘ tanh(query + key)) · value, with outputs and masks as those of `attention`. Between, there are [batch, Tq, Tv, features]
 * numbers. Weights: scale [features] with `useScale`.
 */
export class AdditiveAttention extends Attention {
  static override readonly className: string = 'AdditiveAttention';

  constructor(config: AdditiveAttentionOptions = {}) {
    super({ ...config, useScale: config.useScale ?? true });
  }

  protected override build([query]: readonly PartialShape[]): void {
    if (this.useScale)
      this.scale = this.addWeight('scale', [knownFeatures(this.name, query)], 'glorotUniform');
  }

  protected override scoresOf(query: Tensor, key: Tensor): Tensor {
    return additiveScores(query, key, this.scale);
  }

  override getConfig(): Config {
    const config = super.getConfig();
    delete config.scoreMode;
    return config;
  }
}

/**
 * Attention by a sum of a query and keys (Bahdanau et al. 2015), Keras' `AdditiveAttention`: softmax(Σ scale ∘
 * tanh(query + key)) · value. Inputs, outputs and masks are those of `attention`.
 */
export function additiveAttention(options: AdditiveAttentionOptions = {}): AdditiveAttention {
  return withKnownOptions(new AdditiveAttention({ ...options }), options);
}

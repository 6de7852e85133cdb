/** How well a model predicts the tokens of a text: averaged over all tokens of all batches, however long each batch is. */
import { noGrad } from '../autograd.ts';
import { sparseCategoricalCrossentropy } from '../losses/cross_entropy.ts';
import { computeLoss } from '../losses/reduce.ts';
import { fill } from '../tensor.ts';
import { metricOptions } from './metric.ts';
import type { Metric, MetricOptions } from './metric.ts';

/** The options of `metrics.perplexity` and `metrics.bitsPerCharacter`. */
export interface TokenOptions extends MetricOptions {
  /** Whether predictions are logits; by default they are probabilities and are clipped to [1e-7, 1-1e-7]. */
  fromLogits?: boolean;
  /** A target that does not count, such as padding; none by default. */
  maskTokenId?: number;
}

/** @param finish from the mean of -log p, in nats, over all tokens that count */
const overTokens =
  (own: string, finish: (nats: number) => number) =>
  (options: TokenOptions = {}): Metric => {
    const { name, fromLogits, maskTokenId } = metricOptions(own, options, {
      fromLogits: false,
      maskTokenId: undefined as number | undefined,
    });
    const loss = sparseCategoricalCrossentropy({
      name,
      fromLogits,
      ignoreClass: maskTokenId,
      reduction: 'meanWithSampleWeight',
    });
    return {
      name,
      higherIsBetter: false,
      finish,
      update: (yTrue, yPred, sampleWeight) =>
        noGrad(() => {
          const { sum, weight } = computeLoss(loss, yTrue, yPred, { sampleWeight });
          const count = typeof weight === 'number' ? fill(yPred.device, [], weight) : weight;
          return { sum, weight: count };
        }),
    };
  };

/**
 * exp of the mean of -log p(y): how many equally likely tokens would be as hard to tell apart.
 *
 * Targets y: ids [B, T]; predictions [B, T, V]. Masked tokens do not count, weights do.
 */
export const perplexity = overTokens('perplexity', Math.exp);

/** The mean of -log2 p(y); targets and predictions as for `perplexity`. */
export const bitsPerCharacter = overTokens('bitsPerCharacter', (nats) => nats / Math.LN2);

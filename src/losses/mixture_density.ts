/** Mixture density networks (Bishop 1994), in the form of Graves 2013, "Generating Sequences With Recurrent Neural Networks". */
import { cast } from '../ops/compare.ts';
import { mixtureDensity as densityOf } from '../ops/mixture_density.ts';
import { ADDED_LOSSES, makeLoss } from './loss.ts';
import type { LossFunction, LossOptions } from './loss.ts';

/** The options of `losses.mixtureDensity`. */
export interface MixtureDensityOptions extends LossOptions {
  /**
   * What every standard deviation has at least; 1e-4 by default. Where points repeat exactly, as on the grid of a tablet, a density grows
   * without bound as a deviation goes to 0: give the unit of the grid. 0 is Graves' σ = e^s.
   */
  minScale?: number;
}

/**
 * The negative log density, in nats, of the next point of a stroke under a mixture of K bivariate Gaussians, and the cross-entropy of its
 * end (Graves 2013, equations 16 to 26), computed in log space: points far away, small deviations and correlations near 1 give finite losses
 * and gradients.
 *
 * Targets [B, ..., 3] are x, y and 1 at the end of a stroke, else 0. Predictions [B, ..., 6 K + 1] are, K each, the logits of the weights, the
 * means of x, of y, s of x, of y (σ = minScale + e^s) and r (ρ = tanh r); then the logit of the end, as of `sigmoid`. Targets of two numbers
 * and predictions of 6 K leave the end out. So the last layer is `layers.dense(6 * K + 1)`. No gradient reaches the targets.
 *
 * `sampleMixture` draws points from such predictions. `compile` and `loadModel` know the loss by its name once it has been made in a program.
 */
export function mixtureDensity(options: MixtureDensityOptions = {}): LossFunction {
  ADDED_LOSSES.mixtureDensity = mixtureDensity;
  return makeLoss('mixtureDensity', options, { minScale: 1e-4 }, (yTrue, yPred, own) =>
    densityOf(yPred, cast(yTrue, 'float32'), own),
  );
}

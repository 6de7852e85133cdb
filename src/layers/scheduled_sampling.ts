/**
 * Scheduled sampling (Bengio et al. 2015): in training a decoder now and then sees what it would have said itself, in place of the right
 * token, as it will when it generates.
 */
import type { DType } from '../backend.ts';
import { noGrad } from '../autograd.ts';
import { greater, notEqual, where } from '../ops/compare.ts';
import { dropoutMask, dropoutRate } from '../ops/dropout.ts';
import { concat } from '../ops/concat.ts';
import { argMax } from '../ops/reduce.ts';
import { slice } from '../ops/slice.ts';
import type { Tensor } from '../tensor.ts';
import { Layer } from './base.ts';
import type { CallContext, Config, LayerConfig } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { fits, show, wholeNumber } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.scheduledSampling`. */
export interface ScheduledSamplingOptions extends LayerConfig {
  /** Training steps over which the share grows from 0 to `rate`; 0, the default, begins with `rate`. */
  rampSteps?: number;
  /** Of the random numbers; follows from the model's seed where it is left out. */
  seed?: number;
}
export type ScheduledSamplingConfig = ScheduledSamplingOptions & { rate: number };

/**
 * Inputs `[ids, predictions]`: the ids that a decoder is given, int32 [batch, time], and what it made of them, [batch,
 * time, vocabulary], logits or probabilities. In training, each id but the first of a row is replaced, with probability
 * `rate`, by the likeliest token of the step before; id 0, padding, stays. Otherwise the ids themselves. No gradient
 * flows through it.
 *
 * A decoder is applied twice, with the same layers, so that both passes compute all steps at once (Mihaylova and
 * Martins 2019; Duckworth et al. 2019): `decode(layers.scheduledSampling(0.25).apply([target, decode(target)]))`.
 */
export class ScheduledSampling extends Layer {
  static override readonly className: string = 'ScheduledSampling';
  /** The probability that an id is replaced, in the end. */
  readonly rate: number;
  /** Training steps until the rate is reached. */
  readonly rampSteps: number;
  /** Of the random numbers; undefined: it follows from the model's seed. */
  readonly seed: number | undefined;

  constructor(config: ScheduledSamplingConfig) {
    super(config);
    this.rate = dropoutRate(this.name, config.rate);
    this.rampSteps = wholeNumber(this.name, 'rampSteps', config.rampSteps ?? 0);
    this.seed = config.seed;
  }

  protected override checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    const [ids, predictions] = shapes;
    const suited =
      shapes.length === 2 &&
      String(dtypes) === 'int32,float32' &&
      fits(ids, predictions.slice(0, -1)) &&
      ids.length === 2;
    if (!suited)
      throw new Error(
        `${this.name}: expected inputs [ids, predictions], int32[batch,time] and float32[batch,time,vocabulary], got ${shapes.map((shape, i) => dtypes[i] + show(shape)).join(', ')}`,
      );
  }

  override outputDtype(): DType {
    return 'int32';
  }
  override get inputDtype(): DType {
    return 'int32';
  }

  override call([ids, predictions]: readonly Tensor[], context: CallContext): Tensor[] {
    const { training, step, seed } = context;
    const share = this.rampSteps > step ? (this.rate * step) / this.rampSteps : this.rate;
    const [batch, time] = ids.shape;
    if (!training || share === 0 || time === 1) return [ids];
    return noGrad(() => {
      const first = slice(ids, [0, 0], [batch, 1]);
      const said = slice(argMax(predictions), [0, 0], [batch, time - 1]);
      const counter = { seed: this.seed ?? seed, step };
      const kept = greater(dropoutMask(ids.device, ids.shape, share, counter), 0);
      const own = where(kept, ids, concat([first, said], 1));
      return [where(notEqual(ids, 0), own, ids)];
    });
  }

  override getConfig(): Config {
    const { rate, rampSteps, seed } = this;
    return { ...super.getConfig(), rate, rampSteps, seed };
  }
}

/**
 * In training a decoder now and then sees what it would have said itself, in place of the right token (Bengio et al.
 * 2015). Inputs: a list `[ids, predictions]`, int32 [B, T] and float32 [B, T, V]; output int32 [B, T]. See
 * `ScheduledSampling`.
 *
 * @param rate the probability that the decoder sees its own token, in [0, 1)
 */
export function scheduledSampling(
  rate: number,
  options: ScheduledSamplingOptions = {},
): ScheduledSampling {
  return withKnownOptions(new ScheduledSampling({ ...options, rate }), options);
}

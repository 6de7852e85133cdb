/** The interface of losses, and the matching of targets to the shape of predictions. */
import {
  check,
  FRACTION,
  INTEGER,
  NOT_NEGATIVE,
  oneOf,
  POSITIVE,
  readOptions,
  show,
  WHOLE,
} from '../options.ts';
import type { Check, Checks } from '../options.ts';
import { cast } from '../ops/compare.ts';
import { deviceOf, tensorOf } from '../ops/operands.ts';
import { mean } from '../ops/reduce.ts';
import { expandDims, squeeze } from '../ops/shape.ts';
import { sameShape, Tensor, TENSOR } from '../tensor.ts';

/**
 * How the losses of samples become one number. `sumOverBatchSize` divides their weighted sum by the number of losses that are
 * not masked, `meanWithSampleWeight` by the sum of the weights. Of losses [B,T], `sumOverTime` and `meanOverTime` are the mean over the sequences of
 * what each sums to, or of its mean, over its steps that are not masked; one that is masked throughout does not count.
 */
export type Reduction =
  'sumOverBatchSize' | 'sum' | 'meanWithSampleWeight' | 'sumOverTime' | 'meanOverTime';

/** What a loss is. Those of `losses` are made by functions; one of your own is an object like these. */
export interface LossFunction {
  /** Its name in errors, and of those of the library in saved models. */
  readonly name: string;
  /** The options that it was created with, for saved models. */
  readonly config: Readonly<Record<string, number | string | boolean | null>>;
  /** How the losses of samples become one number. */
  readonly reduction: Reduction;
  /** The loss of each sample [B], or of each step [B,T]. @param mask the model's [B,T], given where `ofSequences` is set */
  call(yTrue: Tensor, yPred: Tensor, mask?: Tensor | null): Tensor;
  /** True of a loss [B] of whole sequences: the model's mask is its business, and has no part in the reduction. */
  readonly ofSequences?: boolean;
  /** Why the loss of a sample may be infinite, and what to do: sentences for the error. */
  readonly whyInfinite?: string;
  /** Where the loss counts (int32, 0 or 1), in addition to the model's own mask; null means everywhere. */
  mask?(yTrue: Tensor, yPred: Tensor): Tensor | null;
}

/**
 * A loss or a metric of your own: of each sample, [batch, ...], or one number for the whole batch. Targets come as float32, with the rank of the
 * predictions where an axis of extent 1 makes the difference, as in Keras.
 */
export type OwnFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** Makes a loss with its options. @inline */
export type MakeLoss = (options: object) => LossFunction;

/** Losses that come with kernels, by name: each is added when it is first made, so that a program without it does not load it. */
export const ADDED_LOSSES: Record<string, MakeLoss> = {};

/** The options that every loss has. */
export interface LossOptions {
  /** Its name in errors; that of the function by default. */
  name?: string;
  /** `sumOverBatchSize` by default. */
  reduction?: Reduction;
}

export const REDUCTION = oneOf([
  'sumOverBatchSize',
  'sum',
  'meanWithSampleWeight',
  'sumOverTime',
  'meanOverTime',
] satisfies Reduction[]);

/** What options of losses must be. */
const MUST_BE: Readonly<Record<string, Check>> = {
  reduction: REDUCTION,
  labelSmoothing: FRACTION,
  ignoreClass: INTEGER,
  delta: POSITIVE,
  minScale: NOT_NEGATIVE,
  blank: WHOLE,
};

/** The options of a loss, checked: its name, its reduction, and its own with their defaults. */
export function lossOptions<Own extends object>(name: string, given: object, own: Own) {
  const defaults = { name, reduction: 'sumOverBatchSize' as Reduction, ...own };
  const options = readOptions(name, given, defaults, MUST_BE as Checks<typeof defaults>);
  const { name: called, reduction, ...config } = options;
  return { name: called, reduction, config: config as unknown as Own };
}

type Call<Own> = (yTrue: Tensor, yPred: Tensor, options: Own & { name: string }) => Tensor;

/**
 * Creates a loss.
 *
 * @param own its own options, with their defaults
 * @param call computes it from targets and predictions; it gets its own options, and the loss's name for errors
 */
export function makeLoss<Own extends object>(
  defaultName: string,
  given: object,
  own: Own,
  call: Call<Own>,
): LossFunction {
  const { name, reduction, config } = lossOptions(defaultName, given, own);
  return {
    name,
    reduction,
    config: config as LossFunction['config'],
    call(yTrue, yPred) {
      const at = deviceOf([yTrue, yPred]);
      // Lists of numbers too, as in operations.
      const tensors = [yTrue, yPred].map((given) => tensorOf(name, given, at));
      return call(tensors[0], tensors[1], { ...config, name });
    },
  };
}

/** The loss that a function of your own computes. What it returns is checked, since a wrong shape would train on something else. */
export const lossOf = (own: OwnFunction): LossFunction => ({
  name: 'loss',
  reduction: 'sumOverBatchSize',
  config: {},
  call: (yTrue, yPred) => callOwn('loss', own, yTrue, yPred),
});

/** What a function of your own gives, as float32. @param name of the loss or metric, for errors */
export function callOwn(name: string, own: OwnFunction, yTrue: Tensor, yPred: Tensor): Tensor {
  const result: unknown = own(...sameRank(cast(yTrue, 'float32'), yPred));
  const [batch] = yPred.shape;
  if (result instanceof Tensor && (result.rank === 0 || result.shape[0] === batch))
    return cast(result, 'float32');
  throw new Error(
    `${name}: expected a function (yTrue, yPred) that returns a tensor of one number, or of one for each of the ${batch} samples, got ` +
      `${show(result)} from it`,
  );
}

/** A loss whose `call` gets targets and predictions as float32 with equal shapes [B, ..., D] and returns [B, ...]. */
export function elementwiseLoss<Own extends object>(
  defaultName: string,
  given: object,
  own: Own,
  call: Call<Own>,
): LossFunction {
  return makeLoss(defaultName, given, own, (yTrue, yPred, options) =>
    call(...matchShapes(options.name, yTrue, yPred), options),
  );
}

/** The mean over the last axis; if its extent is 1, no kernel runs. */
export function meanLast(x: Tensor): Tensor {
  return x.shape.at(-1) === 1 ? squeeze(x, -1) : mean(x, { axis: -1 });
}

/** Where targets and predictions go into a loss or a metric by hand. */
export function checkTensors(yTrue: Tensor, yPred: Tensor): void {
  check('loss', 'yTrue', yTrue, TENSOR);
  check('loss', 'yPred', yPred, TENSOR);
}

/**
 * As in Keras, one of the two may have an additional last axis of extent 1. Predictions [B] become [B,1], so that each sample has its own loss.
 */
function sameRank(yTrue: Tensor, yPred: Tensor): [Tensor, Tensor] {
  checkTensors(yTrue, yPred);
  let [wanted, found] = [yTrue, yPred];
  if (wanted.rank === found.rank + 1 && wanted.shape.at(-1) === 1) {
    if (found.rank === 1) found = expandDims(found, -1);
    else wanted = squeeze(wanted, -1);
  } else if (found.rank === wanted.rank + 1 && found.shape.at(-1) === 1) {
    wanted = expandDims(wanted, -1);
  } else if (found.rank === 1 && wanted.rank === 1) {
    wanted = expandDims(wanted, -1);
    found = expandDims(found, -1);
  }
  return [wanted, found];
}

/** Converts targets to float32 and to the shape of the predictions, like `sameRank`. */
export function matchShapes(name: string, yTrue: Tensor, yPred: Tensor): [Tensor, Tensor] {
  const [wanted, found] = sameRank(yTrue, yPred);
  if (found.rank === 0 || !sameShape(wanted.shape, found.shape))
    throw new Error(
      `${name}: expected targets of the shape of the predictions [${yPred.shape}], got ` +
        `[${yTrue.shape}]; ` +
        (labelAdvice(name, yTrue.shape, yPred.shape) ??
          'reshape the targets, or change the units of the last layer'),
    );
  return [cast(wanted, 'float32'), found];
}

/** Labels as int32, without a last axis of extent 1. */
export function labelsFor(yTrue: Tensor, yPred: Tensor): Tensor {
  checkTensors(yTrue, yPred);
  const squeezed = yTrue.rank === yPred.rank && yTrue.shape.at(-1) === 1;
  return cast(squeezed ? squeeze(yTrue, -1) : yTrue, 'int32');
}

/** Which of three forms targets have, by their shape and that of the predictions, as Keras tells them apart. */
export function formOf(
  yTrue: readonly unknown[],
  yPred: readonly (number | null)[],
): 'binary' | 'sparse' | 'categorical' {
  if (yPred.at(-1) === 1 || yPred.length < 2) return 'binary';
  return yTrue.length < yPred.length || yTrue.at(-1) === 1 ? 'sparse' : 'categorical';
}

/** What to do about targets that look like class numbers where a loss or metric takes one-hot rows, or the other way round; null for others. */
export function labelAdvice(
  name: string,
  yTrue: readonly number[],
  yPred: readonly (number | null)[],
): string | null {
  if (!/categorical/i.test(name)) return null;
  const form = formOf(yTrue, yPred);
  if (form === 'sparse' && Math.abs(yPred.length - yTrue.length) < 2)
    return "for class numbers there are 'sparseCategoricalCrossentropy' and 'sparseCategoricalAccuracy'";
  if (form === 'categorical' && yTrue.length === yPred.length && yTrue.at(-1) === yPred.at(-1))
    return "for one-hot rows there are 'categoricalCrossentropy' and 'categoricalAccuracy'";
  return null;
}

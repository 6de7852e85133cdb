/** The cross-entropies, each one kernel forward and one backward. What losses make of them stands in losses.ts. */
import { computed } from '../autograd.ts';
import { check, checkNames, FRACTION, TEXT } from '../options.ts';
import type { TensorLike } from '../tensor.ts';
import { allocate, sameShape, shapeOf, sizeOf, Tensor } from '../tensor.ts';
import { deviceOf, floatsOf, tensorOf } from './operands.ts';

/** What the cross-entropies of two classes take beside predictions and targets. */
export interface CrossEntropyOptions {
  /** Named in errors: the loss or metric. */
  name?: string;
  /** Moves targets towards the uniform distribution: q (1-s) + s/C. In 0…1. */
  labelSmoothing?: number;
}

/** What the cross-entropies of several classes take beside predictions and targets. */
export interface ClassCrossEntropyOptions extends CrossEntropyOptions {
  /** A label whose rows have loss 0 and no gradient (PyTorch's `ignore_index`); it need not be a class. */
  ignoreClass?: number | null;
}

/**
 * -sum_c q_c log softmax(logits)_c, one loss a row, computed from the largest logit down, so that logits of any size do.
 *
 * @param logits [..., C] float32
 * @param targets int32 labels [...] in 0…C-1, or float32 probabilities [..., C]; no gradient reaches them. Labels that
 *   came from the host are checked here; an unchecked one out of range gives NaN
 * @returns [...]
 */
export function softmaxCrossEntropy(
  logits: TensorLike,
  targets: TensorLike,
  options: ClassCrossEntropyOptions = {},
): Tensor {
  return rowLosses(true, 'softmaxCrossEntropy', logits, targets, options);
}

/**
 * Cross-entropy of probabilities, by Keras 3's rule: divided by their sum over the classes, clipped to [1e-7, 1-1e-7].
 *
 * @param probabilities [..., C] float32
 * @param targets as for `softmaxCrossEntropy`
 * @returns [...]
 */
export function categoricalCrossEntropy(
  probabilities: TensorLike,
  targets: TensorLike,
  options: ClassCrossEntropyOptions = {},
): Tensor {
  return rowLosses(false, 'categoricalCrossEntropy', probabilities, targets, options);
}

/**
 * -z log sigmoid(x) - (1-z) log(1-sigmoid(x)), element by element, in the form max(x,0) - xz + log(1+e^-|x|).
 *
 * @param logits any shape, float32
 * @param targets the same shape, float32, in 0…1; no gradient reaches them
 * @returns the same shape
 */
export function sigmoidCrossEntropy(
  logits: TensorLike,
  targets: TensorLike,
  options: CrossEntropyOptions = {},
): Tensor {
  return elementLosses(true, 'sigmoidCrossEntropy', logits, targets, options);
}

/**
 * -z log p - (1-z) log(1-p), element by element, with p clipped to [1e-7, 1-1e-7] as Keras 3 does.
 *
 * @param probabilities any shape, float32
 * @param targets as for `sigmoidCrossEntropy`
 * @returns the same shape
 */
export function binaryCrossEntropy(
  probabilities: TensorLike,
  targets: TensorLike,
  options: CrossEntropyOptions = {},
): Tensor {
  return elementLosses(false, 'binaryCrossEntropy', probabilities, targets, options);
}

function rowLosses(
  ofLogits: boolean,
  what: string,
  x: TensorLike,
  targets: TensorLike,
  options: ClassCrossEntropyOptions,
): Tensor {
  checkNames(what, options, ['name', 'labelSmoothing', 'ignoreClass']);
  const name = check(what, 'name', options.name ?? what, TEXT);
  const at = deviceOf([x, targets]);
  x = floatsOf(name, x, at);
  if (!(targets instanceof Tensor)) {
    // Numbers with an axis less than the predictions are labels.
    const dtype = shapeOf(targets, name).length < x.rank ? 'int32' : 'float32';
    targets = tensorOf(name, targets, at, dtype);
  }
  const { device } = x;
  const variant = { constants: { LOGITS: Number(ofLogits) } };
  const { params, labels, dense, shape } = classTargets(name, x, targets, options);
  const loss = allocate(device, shape);
  const saved = allocate(device, [params.rows, 2]).storage;
  const read = { predictions: x.storage, labels, targets: dense, saved };
  device.run('class_cross_entropy', { ...read, loss: loss.storage }, params, variant);
  return computed(loss, [x], (gradient) => {
    const dx = allocate(device, x.shape);
    const bindings = { ...read, gradient: gradient.storage, out: dx.storage };
    device.run('class_cross_entropy_backward', bindings, params, variant);
    return [dx];
  });
}

function elementLosses(
  ofLogits: boolean,
  what: string,
  x: TensorLike,
  targets: TensorLike,
  options: CrossEntropyOptions,
): Tensor {
  checkNames(what, options, ['name', 'labelSmoothing']);
  const name = check(what, 'name', options.name ?? what, TEXT);
  const at = deviceOf([x, targets]);
  x = floatsOf(name, x, at);
  targets = tensorOf(name, targets, at, 'float32');
  const { device, size, shape } = x;
  if (x.dtype !== 'float32' || targets.dtype !== 'float32' || !sameShape(shape, targets.shape))
    throw new Error(
      `${name}: expected float32 predictions and targets of one shape, got ${x} and ${targets}`,
    );
  const params = { size, smoothing: smoothingOf(name, options) };
  const read = { predictions: x.storage, targets: targets.storage };
  const variant = { constants: { LOGITS: Number(ofLogits) } };
  const loss = allocate(device, shape);
  device.run('binary_cross_entropy', { ...read, loss: loss.storage }, params, variant);
  return computed(loss, [x], (gradient) => {
    const dx = allocate(device, shape);
    const bindings = { ...read, gradient: gradient.storage, out: dx.storage };
    device.run('binary_cross_entropy_backward', bindings, params, variant);
    return [dx];
  });
}

function classTargets(name: string, x: Tensor, targets: Tensor, options: ClassCrossEntropyOptions) {
  const shape = x.shape.slice(0, -1);
  const classes = x.shape.at(-1) ?? 0;
  const sparse = targets.dtype === 'int32';
  const ignore = options.ignoreClass ?? null;
  if (x.rank === 0 || x.dtype !== 'float32' || classes === 0)
    throw new Error(`${name}: expected float32 predictions [..., classes], got ${x}`);
  if (!sameShape(targets.shape, sparse ? shape : x.shape))
    throw new Error(
      `${name}: expected int32 labels [${shape}] or float32 targets [${x.shape}] for predictions ` +
        `${x}, got ${targets}`,
    );
  if (sparse) checkLabels(name, targets, classes, ignore);
  return {
    shape,
    labels: sparse ? targets.storage : null,
    dense: sparse ? null : targets.storage,
    params: {
      rows: sizeOf(shape),
      classes,
      sparse: sparse ? 1 : 0,
      has_ignore: ignore === null ? 0 : 1,
      ignore: ignore ?? 0,
      smoothing: smoothingOf(name, options),
    },
  };
}

/** Only the extremes of the labels are known: where one of them is `ignoreClass`, the kernel has the last word. */
function checkLabels(name: string, labels: Tensor, classes: number, ignore: number | null): void {
  if (!labels.range || labels.size === 0) return;
  for (const label of labels.range)
    if ((label < 0 || label >= classes) && label !== ignore)
      throw new Error(
        `${name}: expected labels in 0…${classes - 1}, got ${label} for ${classes} classes; ` +
          'mark labels to leave out with ignoreClass',
      );
}

function smoothingOf(name: string, { labelSmoothing = 0 }: CrossEntropyOptions): number {
  return check(name, 'labelSmoothing', labelSmoothing, FRACTION);
}

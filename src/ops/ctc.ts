/** Connectionist temporal classification: a loss for labels without places, and how far the best path is from them. */
import { computed, isRecording } from '../autograd.ts';
import { CTC_KERNELS } from '../kernel_groups/ctc.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import { isListOf, readOptions } from '../options.ts';
import { allocate, rangeOf, sameShape, tensor, Tensor } from '../tensor.ts';
import type { TensorLike } from '../tensor.ts';
import { mul } from './map.ts';
import { deviceOf, floatsOf, tensorOf } from './operands.ts';
import { argMax } from './reduce.ts';
import { sequenceMask } from './sequence_mask.ts';
import { reshape } from './views.ts';

/** Which steps and labels `ctcLoss` counts. */
export interface CtcLossOptions {
  /** Steps of each row that count, from its first one on; all by default. */
  inputLengths?: readonly number[] | Tensor | null;
  /** Labels of each row; by default up to the first that is negative or `blank`. */
  targetLengths?: readonly number[] | Tensor | null;
  /** int32 [B,T]: 0 where a step is left out; beside `inputLengths`. */
  mask?: TensorLike | null;
  /** The class that stands for no label; 0 by default. */
  blank?: number;
  /** Whether rows whose labels no path fits have a loss of 0 and no gradient; false: their loss is infinite. */
  zeroInfinity?: boolean;
  /** Named in errors: the loss. */
  name?: string;
}

const DEFAULTS: Required<CtcLossOptions> = {
  inputLengths: null,
  targetLengths: null,
  mask: null,
  blank: 0,
  zeroInfinity: false,
  name: 'ctcLoss',
};

/**
 * -log of the probability that a path, a class a step, reads as the row's labels once equal neighbours are joined and blanks left out (Graves et
 * al. 2006). The log softmax is part of it: logits and logarithms of probabilities give the same.
 *
 * @param logits float32 [B,T,C]
 * @param targets labels in 0…C-1 but `blank`: int32 [B,L], or a list for each row, of any lengths. No gradient reaches them. Lists, and lengths
 *   from the host, are checked here; a label that was not and is no class gives NaN
 * @returns [B]; infinite where a row has fewer steps than labels and equal neighbours among them
 * @throws Error naming the row whose labels need more steps than it has, as far as lists and lengths from the host tell, unless
 *   `zeroInfinity` is set
 */
export function ctcLoss(
  logits: TensorLike,
  targets: Tensor | readonly (readonly number[])[],
  options: CtcLossOptions = {},
): Tensor {
  const { blank, zeroInfinity, name } = readOptions('ctcLoss', options, DEFAULTS);
  logits = floatsOf(name, logits, deviceOf([logits, targets]));
  // Lists may differ in length.
  if (!isListOf(targets, Array.isArray)) targets = tensorOf(name, targets, logits.device, 'int32');
  const { device } = logits;
  checkLogits(name, logits, blank);
  const [rows, steps, classes] = logits.shape;
  if (!zeroInfinity) checkSteps(name, targets, steps, options);
  const labels = labelsOf(name, targets, logits, blank);
  const lengths = lengthsOf(name, 'targetLengths', options.targetLengths, rows, device);
  const mask = maskOf(name, logits, options);
  const columns = labels.shape[1];
  const hasSlope = isRecording([logits]);
  const slots = hasSlope ? steps + 1 : 2;
  const states = 2 * columns + 1;
  const loss = allocate(device, [rows]);
  const slope = hasSlope ? allocate(device, logits.shape) : null;
  const scratch = allocate(device, [rows, steps + (slots + 2) * states]);
  addKernels(CTC_KERNELS);
  device.run(
    'ctc',
    {
      logits: logits.storage,
      targets: labels.storage,
      lengths: lengths?.storage ?? null,
      mask: mask?.storage ?? null,
      loss: loss.storage,
      slope: slope?.storage ?? null,
      scratch: scratch.storage,
    },
    {
      ...{ rows, steps, classes, labels: columns, blank, slots },
      zeroInfinity: Number(zeroInfinity),
      hasLengths: Number(lengths !== null),
      hasMask: Number(mask !== null),
      hasSlope: Number(hasSlope),
    },
    { constants: { LANES: 64 } },
  );
  return computed(loss, [logits], (gradient) => [mul(slope!, reshape(gradient, [rows, 1, 1]))]);
}

/**
 * By row, the edit distance of the labels from the best path (of every step its likeliest class), with repeats joined and blanks left out, and the
 * number of labels.
 *
 * @param logits float32 [B,T,C]
 * @param targets int32 [B,L]; a row's labels end before the first that is negative or `blank`
 * @param mask int32 [B,T]: 0 where a step is left out
 * @returns float32 [B] each; no gradient
 */
export function labelErrors(
  logits: Tensor,
  targets: Tensor,
  { mask = null, blank = 0, name = 'labelErrors' }: Pick<CtcLossOptions, 'mask' | 'blank' | 'name'>,
): { distances: Tensor; counts: Tensor } {
  const { device } = logits;
  checkLogits(name, logits, blank);
  const labels = labelsOf(name, targets, logits, blank);
  const steps = maskOf(name, logits, { mask });
  const [rows, count] = labels.shape;
  const [distances, counts] = [allocate(device, [rows]), allocate(device, [rows])];
  addKernels(CTC_KERNELS);
  device.run(
    'label_errors',
    {
      path: argMax(logits).storage,
      targets: labels.storage,
      mask: steps?.storage ?? null,
      distances: distances.storage,
      counts: counts.storage,
      scratch: allocate(device, [rows, count + 1], 'int32').storage,
    },
    { rows, steps: logits.shape[1], labels: count, blank, hasMask: Number(steps !== null) },
  );
  return { distances, counts };
}

export function checkLogits(name: string, logits: Tensor, blank: number): void {
  if (logits.rank !== 3 || logits.dtype !== 'float32' || logits.size === 0)
    throw new Error(
      `${name}: expected float32 logits [batch, time, classes], got ${logits}; let the model return sequences`,
    );
  const classes = logits.shape[2];
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes)
    throw new Error(
      `${name}: expected blank in 0…${classes - 1} (${classes} classes), got ${blank}; the blank needs a class of its own`,
    );
}

/** int32 [B,L]. */
function labelsOf(
  name: string,
  targets: Tensor | readonly (readonly number[])[],
  { shape: [rows, , classes], device }: Tensor,
  blank: number,
): Tensor {
  const labels = targets instanceof Tensor ? targets : padded(name, targets, blank, device);
  if (
    labels.rank !== 2 ||
    labels.dtype !== 'int32' ||
    labels.shape[0] !== rows ||
    labels.size === 0
  )
    throw new Error(
      `${name}: expected int32 labels [${rows}, labels], padded with ${blank} or -1, got ${labels}`,
    );
  const [, largest] = labels.range ?? [0, 0];
  if (largest >= classes)
    throw new Error(
      `${name}: expected labels in 0…${classes - 1} (${classes} classes, one of them the blank ${blank}), got ${largest}`,
    );
  return labels;
}

function padded(
  name: string,
  rows: readonly (readonly number[])[],
  blank: number,
  device: Tensor['device'],
): Tensor {
  const columns = Math.max(1, ...rows.map(({ length }) => length));
  const data = new Int32Array(rows.length * columns).fill(blank);
  rows.forEach((row, r) => {
    rangeOf(name, row);
    data.set(row, r * columns);
  });
  return tensor(data, [rows.length, columns], 'int32', device);
}

function lengthsOf(
  name: string,
  what: string,
  given: readonly number[] | Tensor | null | undefined,
  rows: number,
  device: Tensor['device'],
): Tensor | null {
  if (!given) return null;
  const lengths = given instanceof Tensor ? given : tensor(given, [given.length], 'int32', device);
  if (lengths.dtype !== 'int32' || !sameShape(lengths.shape, [rows]))
    throw new Error(`${name}: expected int32 ${what} [${rows}], one for each row, got ${lengths}`);
  return lengths;
}

/** The mask of the steps that count, of lengths as well. */
function maskOf(
  name: string,
  { shape: [rows, steps], device }: Tensor,
  options: CtcLossOptions,
): Tensor | null {
  const { inputLengths, mask: given = null } = options;
  const mask = given === null ? null : tensorOf(name, given, device, 'int32');
  if (mask && (mask.dtype !== 'int32' || !sameShape(mask.shape, [rows, steps])))
    throw new Error(`${name}: expected an int32 mask [${rows},${steps}], got ${mask}`);
  const lengths = lengthsOf(name, 'inputLengths', inputLengths, rows, device);
  if (!lengths) return mask;
  const inside = sequenceMask(lengths, steps);
  return mask ? mul(inside, mask) : inside;
}

/** Throws where a row of which the host knows enough has fewer steps than its labels need. */
function checkSteps(
  name: string,
  targets: Tensor | readonly (readonly number[])[],
  steps: number,
  { inputLengths, targetLengths, blank = 0 }: CtcLossOptions,
): void {
  const inputs = Array.isArray(inputLengths) ? (inputLengths as readonly number[]) : null;
  const counts = Array.isArray(targetLengths) ? (targetLengths as readonly number[]) : null;
  const lists = targets instanceof Tensor ? null : targets;
  const rows = lists?.length ?? counts?.length ?? 0;
  for (let row = 0; row < rows; row++) {
    const labels = lists && labelsIn(lists[row], counts?.[row], blank);
    const count = labels?.length ?? counts![row];
    const repeats = labels?.filter((label, i) => i > 0 && label === labels[i - 1]).length ?? 0;
    const available = inputs?.[row] ?? steps;
    if (count + repeats > available)
      throw new Error(
        `${name}: expected a step for each label and one between equal neighbours, ${count + repeats} steps in row ${row} ` +
          `(${count} labels, ${repeats} after an equal one), got ${available}; shorten its labels, give it more steps, or set ` +
          'zeroInfinity: true to leave such rows out',
      );
  }
}

function labelsIn(
  row: readonly number[],
  count: number | undefined,
  blank: number,
): readonly number[] {
  if (count !== undefined) return row.slice(0, count);
  const end = row.findIndex((label) => label < 0 || label === blank);
  return end < 0 ? row : row.slice(0, end);
}

/** The softmax over some of many classes, drawn for each step: what trains a large vocabulary in little time. */
import { noGrad } from '../autograd.ts';
import { COUNT, readOptions, REQUIRED, WHOLE } from '../options.ts';
import { foldSeed, Random } from '../random.ts';
import { sameShape, tensor } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { cast, equal, where } from './compare.ts';
import { concat } from './concat.ts';
import { embedding } from './embedding.ts';
import { add, expm1, log, log1p, mul, neg, reciprocal, sub } from './map.ts';
import { matmul } from './matmul.ts';
import { deviceOf, floatsOf, tensorOf } from './operands.ts';
import { sum } from './reduce.ts';
import { slice } from './slice.ts';
import { logSoftmax } from './softmax.ts';
import { reshape } from './views.ts';

/** How many classes are drawn, and by which random numbers. */
export interface SampledSoftmaxOptions {
  /** Classes that are drawn beside the true ones, without repetition; all others where it is at least the number of classes. */
  numSampled: number;
  /** Whether a drawn class is left out in rows whose true class it is; true by default. */
  removeAccidentalHits?: boolean;
  /** A whole number in [0, 2^53). */
  seed: number;
  /** Which draw of this seed: the number of the training step, say. 0 by default. */
  step?: number;
}

const DEFAULTS = { numSampled: REQUIRED, removeAccidentalHits: true, seed: REQUIRED, step: 0 };

/**
 * -log softmax of the true class among itself and `numSampled` others, which all rows share; from every logit the logarithm of how often its class
 * was to be expected is taken off, so that the gradient is close to that of the whole softmax (Jean et al. 2015, "On Using Very Large
 * Target Vocabulary for Neural Machine Translation", section 3). Class c is drawn with log(1 + 1/(c+1)) / log(classes + 1), so classes must be
 * numbered from the most frequent to the rarest. Names and definitions are those of TensorFlow's `sampled_softmax_loss`. It is for training: it
 * is mostly less than the loss over all classes, and the same where all of them are drawn.
 *
 * @param weights float32 [classes, D], a row a class
 * @param biases float32 [classes], or null
 * @param labels int32 [...], in 0…classes-1
 * @param inputs float32 [..., D]
 * @returns [...]
 */
export function sampledSoftmaxLoss(
  weights: TensorLike,
  biases: TensorLike | null,
  labels: TensorLike,
  inputs: TensorLike,
  options: SampledSoftmaxOptions,
): Tensor {
  const at = deviceOf([weights, biases, labels, inputs]);
  const floats = (x: TensorLike): Tensor => floatsOf('sampledSoftmaxLoss', x, at);
  [weights, inputs] = [floats(weights), floats(inputs)];
  biases = biases === null ? null : floats(biases);
  labels = tensorOf('sampledSoftmaxLoss', labels, at, 'int32');
  checkOperands(weights, biases, labels, inputs);
  const chosen = readOptions<Required<SampledSoftmaxOptions>>(
    'sampledSoftmaxLoss',
    options,
    DEFAULTS,
    {
      numSampled: COUNT,
      seed: WHOLE,
      step: WHOLE,
    },
  );
  const [classes, width] = weights.shape;
  const rows = labels.size;
  const x = reshape(inputs, [rows, width]);
  const y = reshape(labels, [rows]);
  const drawn = logUniformCandidates(classes, chosen);
  const count = drawn.ids.length;
  const ids = tensor(drawn.ids, [count], 'int32', weights.device);
  // One look-up, so that the table has one gradient.
  const both = concat([y, ids]);
  const vectors = embedding(weights, both, { name: 'sampledSoftmaxLoss' });
  const bias = biases && reshape(embedding(reshape(biases, [classes, 1]), both), [rows + count]);
  const expected = logExpected(both, classes, drawn.tries);
  const offsets = bias && expected ? sub(bias, expected) : (bias ?? (expected && neg(expected)));
  const part = (first: number, length: number) => offsets && slice(offsets, [first], [length]);
  const own = sum(mul(x, slice(vectors, [0, 0], [rows, width])), { axis: 1 });
  const others = matmul(x, slice(vectors, [rows, 0], [count, width]), {
    transposeB: true,
    bias: part(rows, count),
  });
  const hits = equal(reshape(y, [rows, 1]), reshape(ids, [1, count]));
  const ownOffsets = part(0, rows);
  const logits = concat(
    [
      reshape(ownOffsets ? add(own, ownOffsets) : own, [rows, 1]),
      chosen.removeAccidentalHits ? where(hits, NEVER, others) : others,
    ],
    1,
  );
  return reshape(neg(slice(logSoftmax(logits), [0, 0], [rows, 1])), labels.shape);
}

/** A logit whose class has no part. */
const NEVER = -1e30;

/**
 * Classes without repetition, each draw with probability log(1 + 1/(c+1)) / log(classes + 1), and how many draws it took; null where all classes are
 * there, so that each was certain.
 */
function logUniformCandidates(
  classes: number,
  { numSampled, seed, step }: Required<SampledSoftmaxOptions>,
): { ids: Int32Array; tries: number | null } {
  if (numSampled >= classes)
    return { ids: Int32Array.from({ length: classes }, (_, c) => c), tries: null };
  const random = new Random(foldSeed(seed, step));
  const found = new Set<number>();
  let tries = 0;
  while (found.size < numSampled) {
    const id = Math.floor(Math.exp(random.uniform() * Math.log(classes + 1))) - 1;
    found.add(Math.min(id, classes - 1));
    tries++;
  }
  return { ids: Int32Array.from(found), tries };
}

/** log(1 - (1 - p)^tries) by class: the logarithm of how often it is expected among the drawn ones; null where all are. */
function logExpected(ids: Tensor, classes: number, tries: number | null): Tensor | null {
  if (tries === null) return null;
  return noGrad(() => {
    const p = mul(log1p(reciprocal(add(cast(ids, 'float32'), 1))), 1 / Math.log(classes + 1));
    return log(neg(expm1(mul(log1p(neg(p)), tries))));
  });
}

function checkOperands(
  weights: Tensor,
  biases: Tensor | null,
  labels: Tensor,
  inputs: Tensor,
): void {
  const [classes, width] = weights.shape;
  if (weights.rank !== 2 || weights.dtype !== 'float32')
    throw new Error(`sampledSoftmaxLoss: expected float32 weights [classes, D], got ${weights}`);
  if (biases && (biases.dtype !== 'float32' || !sameShape(biases.shape, [classes])))
    throw new Error(`sampledSoftmaxLoss: expected float32 biases [${classes}], got ${biases}`);
  if (labels.dtype !== 'int32')
    throw new Error(`sampledSoftmaxLoss: expected int32 labels, got ${labels}`);
  if (inputs.dtype !== 'float32' || !sameShape(inputs.shape, [...labels.shape, width]))
    throw new Error(
      `sampledSoftmaxLoss: expected float32 inputs [${[...labels.shape, width]}] for labels ${labels} and weights ${weights}, got ${inputs}`,
    );
}

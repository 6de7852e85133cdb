/** What attention computes, in layers and in cells: scores become weights, and weights read from values. */
import { greaterEqual, where } from '../ops/compare.ts';
import { add } from '../ops/map.ts';
import { tanh } from '../ops/activations.ts';
import { matmul } from '../ops/matmul.ts';
import { cumsum, sum } from '../ops/reduce.ts';
import { expandDims, reshape, squeeze } from '../ops/shape.ts';
import { softmax } from '../ops/softmax.ts';
import { fill } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';

/** Of a score that is masked. Keras subtracts as much; where all are masked, all weights are the same. */
const MASKED = -1e9;

/**
 * Softmax over the last axis.
 *
 * @param scores [..., Tq, Tv]
 * @param visible int32, broadcast to the scores: 0 where a step of the value is not seen; null where all are
 */
export function attentionWeights(scores: Tensor, visible: Tensor | null): Tensor {
  return softmax(visible ? where(visible, scores, MASKED) : scores);
}

/**
 * Σ scale ∘ tanh(query + key) over the features (Bahdanau et al. 2015).
 *
 * @param query [batch, Tq, D]
 * @param key [batch, Tv, D]
 * @param scale [D]; null for ones
 * @returns [batch, Tq, Tv]
 */
export function additiveScores(query: Tensor, key: Tensor, scale: Tensor | null): Tensor {
  const joined = tanh(add(expandDims(query, 2), expandDims(key, 1)));
  if (!scale) return sum(joined, { axis: -1 });
  return squeeze(matmul(joined, reshape(scale, [scale.size, 1])), -1);
}

/** int32 [Tq, Tv]: 1 where the step of the value is not after that of the query. */
export function causalMask({ device, shape }: Tensor): Tensor {
  const ones = fill(device, shape.slice(-2), 1);
  return greaterEqual(cumsum(ones, 0), cumsum(ones, 1));
}

import { TOP_K_KERNELS } from '../kernel_groups/top_k.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import { show } from '../options.ts';
import { allocate } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { takeAlong } from './gather.ts';
import { floatsOf } from './operands.ts';

/**
 * The k largest along the last axis, the largest first; of equal ones the first comes first. Gradients go to where the
 * values were. Made for a small k: the GPU goes through each row k times.
 *
 * @param x float32 [..., n], without NaN
 * @param k from 1 to n
 * @returns values and, int32, where they were: [..., k] each
 */
export function topK(x: TensorLike, k: number): { values: Tensor; indices: Tensor } {
  x = floatsOf('topK', x);
  const columns = x.shape.at(-1) ?? 0;
  if (!Number.isInteger(k) || k < 1 || k > columns)
    throw new Error(
      `topK: expected k from 1 to the extent of the last axis, got ${show(k)} for ${x}; ask for fewer`,
    );
  const indices = allocate(x.device, [...x.shape.slice(0, -1), k], 'int32');
  const params = { rows: x.size / columns, columns, k };
  addKernels(TOP_K_KERNELS);
  x.device.run('top_k', { x: x.storage, indices: indices.storage }, params);
  return { values: takeAlong(x, indices, -1), indices };
}

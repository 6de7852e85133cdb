/** `backward` for training loops of one's own, with the kernels that it runs on a GPU; `fit` loads them late. */
import { BACKWARD_KERNELS } from './kernel_groups/backward.generated.ts';
import { addKernels } from './kernel_sources.ts';
import { runPullbacks } from './pullbacks.ts';
import type { Gradients } from './pullbacks.ts';
import type { Tensor } from './tensor.ts';

/**
 * The gradients of `outputs`, each weighted by its seed and then summed, with respect to every trainable variable.
 *
 * @param outputs one tensor or several
 * @param seeds a cotangent for each output, of the same shape; scalar outputs have 1 by default
 * @throws Error if an output depends on no trainable variable, or a seed is missing or has another shape
 */
export function backward(
  outputs: Tensor | readonly Tensor[],
  seeds?: readonly Tensor[],
): Gradients {
  addKernels(BACKWARD_KERNELS);
  return runPullbacks(outputs, seeds);
}

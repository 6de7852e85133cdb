/**
 * The kernels of backward passes, for those who load them late: a module that a program imports at once cannot be loaded late too, and one
 * with a training loop of its own imports that with the kernels.
 */
export { BACKWARD_KERNELS } from '../kernel_groups/backward.generated.ts';

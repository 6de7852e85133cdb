/** The product, bias and activation of dense and convolutional layers. */
import { activation } from '../ops/activations.ts';
import type { Activation } from '../ops/activations.ts';
import { matmul } from '../ops/matmul.ts';
import type { Tensor } from '../tensor.ts';
import { isFused } from './activation_names.ts';

/** activation(x · kernel + bias), in one dispatch where the product can compute the activation. */
export function affine(x: Tensor, kernel: Tensor, bias: Tensor | null, name: Activation): Tensor {
  if (isFused(name)) return matmul(x, kernel, { bias, activation: name });
  return activation(matmul(x, kernel, { bias }), name);
}

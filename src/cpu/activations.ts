/** Twin of shaders/lib/activations.wgsl: the activations that kernels compute on the way, by code. */
import { ACTIVATION_CODES } from '../activation-codes.ts';

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
export const hardSigmoid = (x: number): number => Math.min(Math.max(x + 3, 0), 6) / 6;

export function activate(kind: number, x: number): number {
  switch (kind) {
    case ACTIVATION_CODES.tanh:
      return Math.tanh(x);
    case ACTIVATION_CODES.sigmoid:
      return sigmoid(x);
    case ACTIVATION_CODES.relu:
      return Math.max(x, 0);
    case ACTIVATION_CODES.hardSigmoid:
      return hardSigmoid(x);
    default:
      return x;
  }
}

/** The derivative at x, from the activated value y = activate(kind, x). */
export function activateGradient(kind: number, y: number): number {
  switch (kind) {
    case ACTIVATION_CODES.tanh:
      return 1 - y * y;
    case ACTIVATION_CODES.sigmoid:
      return y * (1 - y);
    case ACTIVATION_CODES.relu:
      return y > 0 ? 1 : 0;
    case ACTIVATION_CODES.hardSigmoid:
      return y > 0 && y < 1 ? 1 / 6 : 0;
    default:
      return 1;
  }
}

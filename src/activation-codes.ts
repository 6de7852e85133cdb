/** The codes that shaders/lib/activations.wgsl gives to activations that kernels compute on the way. */
export const ACTIVATION_CODES = {
  linear: 0,
  tanh: 1,
  sigmoid: 2,
  relu: 3,
  hardSigmoid: 4,
} as const;

/** Activations of the gated cells, and of the matrix product's epilogue. */
export type CellActivation = keyof typeof ACTIVATION_CODES;

/** The operations on tensors, for layers, losses and training loops of your own. */
export * from './activations.ts';
export * from './broadcast.ts';
export * from './compare.ts';
export { concat, stack } from './concat.ts';
export {
  binaryCrossEntropy,
  categoricalCrossEntropy,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from './cross_entropy.ts';
export { dropout, dropoutMask } from './dropout.ts';
export { embedding } from './embedding.ts';
export { scatterAdd, takeAlong } from './gather.ts';
export * from './map.ts';
export { matmul } from './matmul.ts';
export { pad } from './pad.ts';
export { recurrent } from './recurrent.ts';
export * from './reduce.ts';
export { sequenceMask } from './sequence_mask.ts';
export { slice, split, unstack } from './slice.ts';
export { logSoftmax, softmax } from './softmax.ts';
export { take } from './take.ts';
export { topK } from './top_k.ts';
export { flip, transpose } from './transpose.ts';
export { expandDims, reshape, squeeze } from './views.ts';

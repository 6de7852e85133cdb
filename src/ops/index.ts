/**
 * The operations on tensors, for layers, losses and training loops of your own. Where one takes a tensor it also takes a number, nested
 * lists of numbers or a typed array: they become a tensor of the type and on the device of the others, or float32 and on the default
 * device, and int32 where the operation asks for ids, places, flags or labels.
 *
 * @module
 */
export * from './activations.ts';
export * from './compare.ts';
export {
  binaryCrossEntropy,
  categoricalCrossEntropy,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from './cross_entropy.ts';
export { ctcLoss } from './ctc.ts';
export type { CtcLossOptions } from './ctc.ts';
export type { ClassCrossEntropyOptions, CrossEntropyOptions } from './cross_entropy.ts';
export { ctcDecode } from './ctc_decode.ts';
export type { CtcDecoded, CtcDecodeOptions } from './ctc_decode.ts';
export { dropout, dropoutMask } from './dropout.ts';
export type { DropoutCounter, DropoutOptions } from './dropout.ts';
export { embedding } from './embedding.ts';
export type { EmbeddingOptions } from './embedding.ts';
export { takeAlong } from './gather.ts';
export * from './map.ts';
export { matmul } from './matmul.ts';
export type { MatmulOptions, ValueMapName } from './matmul.ts';
export type { CellName, MapName } from '../kernels.generated.ts';
export { recurrent } from './recurrent.ts';
export type { Direction, Given, RecurrentOptions, RecurrentResult } from './recurrent.ts';
export type { Zoneout } from './zoneout.ts';
export * from './reduce.ts';
export { sampledSoftmaxLoss } from './sampled_softmax.ts';
export type { SampledSoftmaxOptions } from './sampled_softmax.ts';
export { scan } from './scan.ts';
export type { ScanForm, ScanOptions } from './scan.ts';
export { scatterAdd } from './scatter_add.ts';
export { sequenceMask } from './sequence_mask.ts';
export * from './shape.ts';
export { logSoftmax, softmax } from './softmax.ts';
export { topK } from './top_k.ts';

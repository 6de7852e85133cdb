/** Models to be written as ONNX, on one device. */
import { layers, sequential } from '../../src/index.ts';
import type { Device, Layer, Model } from '../../src/index.ts';

export const modelsOn = (device: Device) => ({
  /** Of sequences of four numbers a step. */
  features: (...list: Layer[]): Model =>
    sequential([layers.input({ shape: [null, 4], name: 'x' }), ...list], { device }),
  /** Of sequences of six words, 0 of which is padding. */
  words: (...list: Layer[]): Model =>
    sequential(
      [
        layers.input({ shape: [null], dtype: 'int32', name: 'x' }),
        layers.embedding(6, 4, { maskZero: true }),
        ...list,
      ],
      { device },
    ),
});

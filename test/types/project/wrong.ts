// Each line below a comment is wrong, and would not be without types.
import { initializers, layers, losses, metrics, Model, optimizers, sequential } from 'gatefold';
import type { CompileOptions } from 'gatefold';
import { mfcc } from 'gatefold/audio';
import { Dataset } from 'gatefold/data';
import { loadKeras } from 'gatefold/formats';
import { profile } from 'gatefold/profile';
import { fromTransfer } from 'gatefold/stepper';
import { padSequences } from 'gatefold/text';
import { WordVectors } from 'gatefold/vectors';

/** Every way to write a name that Keras has, too. */
export const right: CompileOptions[] = [
  { optimizer: 'adam', loss: 'meanSquaredError', metrics: ['accuracy', 'topKCategoricalAccuracy'] },
  { optimizer: 'AdamW', loss: 'mean_squared_error', metrics: ['binary_accuracy', 'mae'] },
  { loss: 'mse', metrics: ['acc'] },
  { loss: ['bce', null], metrics: [['acc'], []] },
  { loss: { y: 'sparseCategoricalCrossentropy' }, lossWeights: { y: 0.5 } },
];
export const named = [
  layers.dense(1, { activation: 'relu', kernelInitializer: 'glorot_uniform' }),
  layers.dense(1, { activation: 'leaky_relu', kernelInitializer: { name: 'orthogonal', gain: 2 } }),
  layers.lstm(1, { recurrentActivation: 'hard_sigmoid', recurrentInitializer: 'orthogonal' }),
];

export function wrong(model: Model): void {
  // @ts-expect-error
  model.compile({ optimizer: 'adma', loss: 'mse' });
  // @ts-expect-error
  model.compile({ optimizer: optimizers.adam, loss: 'mse' });
  // @ts-expect-error
  model.compile({ loss: 'meanSquareError' });
  // @ts-expect-error
  model.compile({ loss: ['mse', 'binaryCrossentropie'] });
  // @ts-expect-error
  model.compile({ loss: { y: 'msee' } });
  // @ts-expect-error
  model.compile({ loss: 'mse', metrics: ['acuracy'] });
  // @ts-expect-error
  model.compile({ optimiser: 'adam', loss: 'mse' });
  // @ts-expect-error
  layers.dense(1, { activation: 'rellu' });
  // @ts-expect-error
  layers.dense(1, { kernelInitializer: 'glorot_unifrom' });
  // @ts-expect-error
  layers.lstm(1, { activation: 'softmax' });
  // @ts-expect-error
  layers.lstm(1, { recurrentInitializer: 'orthogonale' });
  // @ts-expect-error
  layers.lstm(1, { returnSequence: true });
  // @ts-expect-error
  layers.lstm('4');
  // @ts-expect-error
  layers.activation('reluu');
  // @ts-expect-error
  layers.bidirectional(layers.lstm(1), { mergeMode: 'cat' });
  // @ts-expect-error
  layers.conv1D(1, 1, { padding: 'cauzal' });
  // @ts-expect-error
  optimizers.adam({ lr: 0.1 });
  // @ts-expect-error
  losses.getLoss('msee');
  // @ts-expect-error
  metrics.getMetric('acuracy');
  // @ts-expect-error
  initializers.getInitializer('zeroes');
  // @ts-expect-error
  sequential([layers.dense(1)], { sead: 1 });
  // @ts-expect-error
  void model.fit([[1]], [[1]], { epoch: 5 });
  // @ts-expect-error
  void model.quantize('int4');
  // @ts-expect-error
  mfcc('sound');
  // @ts-expect-error
  Dataset.of(1);
  // @ts-expect-error
  void loadKeras(1);
  // @ts-expect-error
  void profile(1);
  // @ts-expect-error
  fromTransfer(1);
  // @ts-expect-error
  padSequences(1);
  // @ts-expect-error
  padSequences([[1]], { padding: 'left' });
  // @ts-expect-error
  new WordVectors(1);
}

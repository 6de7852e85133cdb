/** A model that is trained the same way every time, as lines of a program. */
import type { Draw } from './draw.ts';

/** The same training every time: eight samples, four steps an epoch. */
export const net = (draw: Draw): string => `const make = (seed = 1) => {
  const net = sequential([layers.input({ shape: [3, 2] }), ${draw.pick(['layers.lstm(2)', 'layers.gru(2, { dropout: 0.2 }), layers.batchNormalization()', 'layers.lstm(2, { stateful: true })', 'layers.flatten(), layers.dense(2)'])}, layers.dense(1)], { seed });
  net.compile({ optimizer: '${draw.pick(['adam', 'sgd', 'rmsprop', 'adamax'])}', loss: 'meanSquaredError' });
  return net;
};
const net = make();
const x = Array.from({ length: 8 }, (_, i) => [[i / 8, 1], [0, i / 4], [1, 1]]);
const y = Array.from({ length: 8 }, (_, i) => [i % 2]);
const often = { epochs: 2, batchSize: 2, verbose: 0, readEvery: ${draw.pick([1, 2, 100])} };`;

/** Whatever has happened, the model is not stuck, and its weights are numbers. */
export const AFTER = `await finite(await net.getWeights());
await net.fit(x, y, { ...often, epochs: 1 });
await finite(await net.getWeights(), await net.predict(x));`;

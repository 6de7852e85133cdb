import { layers, losses, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { idsOf } from './text.ts';
import type { ProgramSettings } from './settings.ts';

/** word2vec's continuous bag of words: the mean of the neighbours' vectors says which word stands between them. */
export function build({ dimension, window, words, learningRate, seed }: ProgramSettings): Model {
  const network = sequential(
    [
      layers.input({ shape: [2 * window], dtype: 'int32' }),
      layers.embedding(words, dimension, { name: 'vectors' }),
      layers.globalAveragePooling1D(),
      layers.dense(words),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  });
  return network;
}

/** Neighbours and words, from 512 places of the text. The last tenth of it is never shown. */
export function batch({ window, words, seed }: ProgramSettings, step: number, heldOut = false) {
  const ids = idsOf(words);
  const random = new Random(1e6 * seed + step);
  const border = Math.floor(0.9 * ids.length);
  const [from, to] = heldOut ? [border, ids.length] : [0, border];
  const y = Array.from(
    { length: 512 },
    () => from + window + random.integer(to - from - 2 * window),
  );
  const around = (at: number) => [...ids.subarray(at - window, at), ...ids.subarray(at + 1, at + 1 + window)]; // prettier-ignore
  return { x: y.map(around), y: y.map((at) => ids[at]) };
}

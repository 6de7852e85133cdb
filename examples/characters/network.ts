// A network that predicts the next character of a text, and writes.
import { generate } from '../../src/generate/index.ts';
import { initializers, layers, optimizers, sequential } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { fallingAtTheEnd } from '../learning_rate.ts';
import { PADDING, UNKNOWN } from '../symbols.ts';
import type { Symbols } from '../symbols.ts';

export interface NetworkOptions {
  readonly units: number;
  /** LSTMs on top of each other. */
  readonly depth: number;
  /** After each LSTM, so that what the output layer sees is dropped too. */
  readonly dropout: number;
  readonly learningRate: number;
  readonly seed: number;
}

/**
 * Characters [B,T] → one-hot → LSTMs, which carry their states from batch to batch → probabilities of the next character [B,T,size].
 *
 * @param size the number of different characters
 * @param steps of the training, over which the learning rate falls
 */
export function buildNetwork(size: number, steps: number, options: NetworkOptions): Model {
  const { units, depth, dropout, learningRate, seed } = options;
  const network = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32', name: 'characters' }),
      layers.embedding(size, size, {
        embeddingsInitializer: initializers.identity(),
        trainable: false,
        name: 'one_hot',
      }),
      ...Array.from({ length: depth }, () => [
        layers.lstm(units, { returnSequences: true, stateful: true }),
        ...(dropout > 0 ? [layers.dropout(dropout)] : []),
      ]).flat(),
      layers.dense(size, { activation: 'softmax', name: 'next' }),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({
      learningRate: fallingAtTheEnd(learningRate, steps),
      clipNorm: 1,
    }),
    loss: 'sparseCategoricalCrossentropy',
    // Weighted: streams that are a character shorter are padded.
    weightedMetrics: ['bitsPerCharacter', 'perplexity'],
  });
  return network;
}

/** What the network writes after a beginning. */
export async function write(
  network: Model,
  symbols: Symbols,
  beginning: string,
  options: { readonly length: number; readonly temperature: number; readonly seed: number },
): Promise<string> {
  const { length, temperature, seed } = options;
  const { sequences } = await generate(network, {
    prefix: [Array.from(symbols.encode(beginning))],
    ...{ maxNewTokens: length, doSample: true, temperature, seed },
    forbiddenTokens: [PADDING, UNKNOWN],
  });
  return beginning + symbols.decode(sequences[0]).join('');
}

// A network that writes a sentence into one vector, and one that reads it from there.
import { generate } from '../../src/generate/index.ts';
import { initializers, layers, losses, model, optimizers } from '../../src/index.ts';
import type { Model, SymbolicTensor } from '../../src/index.ts';
import { fallingAtTheEnd } from '../learning_rate.ts';
import { FIRST, PADDING, UNKNOWN } from '../symbols.ts';
import type { Symbols } from '../symbols.ts';
import type { Sentence } from './sentences.ts';

/** What decoded sentences begin with and end with: the first symbols of the table. */
export const SIGNS = ['<start>', '<end>'];
export const [START, END] = [FIRST, FIRST + 1];

export interface NetworkOptions {
  readonly units: number;
  readonly embedded: number;
  readonly learningRate: number;
  readonly seed: number;
}

const input = (name: string) => layers.input({ shape: [null], dtype: 'int32', name });

/**
 * Words [B,T] → Embedding → LSTM, last output: the vector [B,units], from which another LSTM begins, as h and as c. It gets the words before
 * each (the first is `<start>`), by the same embedding → logits of the words [B,T+1,size].
 */
export function buildNetwork(size: number, steps: number, options: NetworkOptions): Model {
  const { units, embedded, learningRate, seed } = options;
  const [sentence, before] = ['sentence', 'before'].map(input);
  const embedding = layers.embedding(size, embedded, {
    maskZero: true,
    // As in PyTorch: with the small numbers of Keras, learning begins late.
    embeddingsInitializer: initializers.randomNormal({ stddev: 1 }),
    name: 'embedding',
  });
  const vector = layers.lstm(units, { name: 'encoder' }).apply(embedding.apply(sentence));
  const decoded = layers
    .lstm(units, { returnSequences: true, name: 'decoder' })
    .apply(embedding.apply(before), { initialState: [vector, vector] });
  const network = model({
    inputs: [sentence, before],
    outputs: layers.dense(size, { name: 'words' }).apply(decoded),
    seed,
  });
  network.compile({
    optimizer: optimizers.adam({
      learningRate: fallingAtTheEnd(learningRate, steps),
      clipNorm: 1,
    }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return network;
}

export interface Autoencoder {
  /** A vector for each sentence. */
  encode(sentences: readonly Sentence[]): Promise<Float32Array[]>;
  /** The most likely sentence of each vector, word by word. */
  decode(vectors: readonly Float32Array[]): Promise<string[][]>;
}

/** The two halves of a trained network. @param longest words that a decoded sentence may have */
export function halvesOf(network: Model, symbols: Symbols, longest: number): Autoencoder {
  const through = (x: SymbolicTensor, ...names: string[]) =>
    names.reduce((x, name) => network.getLayer(name).apply(x), x);
  const [sentence, before] = ['sentence', 'before'].map(input);
  const encoder = model({ inputs: sentence, outputs: through(sentence, 'embedding', 'encoder') });
  const decoder = model({
    inputs: before,
    outputs: through(before, 'embedding', 'decoder', 'words'),
  });
  return {
    async encode(sentences) {
      const length = Math.max(...sentences.map((words) => words.length));
      const data = new Int32Array(sentences.length * length);
      sentences.forEach((words, row) => data.set(symbols.encode(words), row * length));
      const vectors = await encoder.predict({ data, shape: [sentences.length, length] });
      const values = (await vectors.data()) as Float32Array;
      vectors.dispose();
      const units = values.length / sentences.length;
      return sentences.map((_, row) => values.slice(row * units, (row + 1) * units));
    },
    async decode(vectors) {
      const shape = [vectors.length, vectors[0].length];
      const data = Float32Array.from(vectors.flatMap((vector) => Array.from(vector)));
      const state = { data, shape };
      const { sequences } = await generate(decoder, {
        prefix: vectors.map(() => [START]),
        initialState: { decoder: [state, state] },
        ...{ maxNewTokens: longest + 1, stopTokens: [END], fromLogits: true },
        forbiddenTokens: [PADDING, UNKNOWN, START],
      });
      return sequences.map((ids) => symbols.decode(ids));
    },
  };
}

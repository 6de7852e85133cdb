import { input, layers, losses, model, optimizers, Random } from 'gatefold';
import type { Model, SymbolicTensor } from 'gatefold';
import { ENGLISH, forced, FRENCH, TRAINING } from './sentences.ts';
import type { ProgramSettings } from './settings.ts';

const ids = (name: string) => input({ shape: [null], dtype: 'int32', name });
const vectors = (words: readonly string[], x: SymbolicTensor) =>
  layers.embedding(words.length, 32, { maskZero: true }).apply(x);

/** One network reads the English sentence, another one begins where that ended and writes the French one. */
export function build({ looks, units, learningRate, seed }: ProgramSettings): Model {
  const [source, target] = [ids('source'), ids('target')];
  const [read, end] = layers
    .gru(units, { returnSequences: true, returnState: true, name: 'reader' })
    .apply<SymbolicTensor[]>(vectors(ENGLISH, source));
  const written = layers
    .gru(units, { returnSequences: true, name: 'writer' })
    .apply(vectors(FRENCH, target), { initialState: [end] });
  // For each word that is written, a mean of what was read: the weights say where it looks.
  const attention = layers.attention({ returnAttentionScores: true, name: 'attention' });
  const seen =
    looks === 'attention'
      ? layers.concatenate().apply([attention.apply<SymbolicTensor[]>([written, read])[0], written])
      : written;
  const combined = layers.dense(units, { activation: 'tanh' }).apply(seen);
  const outputs = layers.dense(FRENCH.length).apply(combined);
  const network = model({ inputs: [target, source], outputs, seed });
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return network;
}

/** The writer is given the right words so far, and asked for the next one. */
export function batch({ seed }: ProgramSettings, step: number) {
  const random = new Random(seed * 1_000_000 + step);
  return forced(Array.from({ length: 32 }, () => TRAINING[random.integer(TRAINING.length)]));
}

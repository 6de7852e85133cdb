// A recurrent encoder and a recurrent decoder, with or without attention between them (Luong et al. 2015, without input feeding): as each
// layer computes all steps in one operation, the attention comes after the decoder and not into its steps.
import { initializers, input, layers, losses, model, optimizers } from '../../src/index.ts';
import type { Model, SymbolicTensor } from '../../src/index.ts';
import { fallingAtTheEnd } from '../learning_rate.ts';
import type { Vocabularies } from './vocabulary.ts';

export interface Sizes {
  readonly units: number;
  /** Numbers of each token's vector. */
  readonly features: number;
  /** Standard deviation of the numbers that the vectors begin with; Keras' numbers between -0.05 and 0.05 where it is left out. */
  readonly deviation?: number;
  readonly dropout: number;
}
export interface NetworkOptions extends Sizes {
  readonly attention: boolean;
  readonly seed: number;
  readonly learningRate: number;
  /** Of the whole training: over the last of them the learning rate falls to zero. */
  readonly steps: number;
}

const ids = (name: string) => input({ shape: [null], dtype: 'int32', name });

/** From the target, from its start token on, and the source to the logits of the target, up to its stop token. */
export function buildNetwork(vocabularies: Vocabularies, options: NetworkOptions): Model {
  const { units, features, deviation, dropout, attention, seed, learningRate, steps } = options;
  const { source: from, target: to } = vocabularies;
  const [source, target] = [ids('source'), ids('target')];
  const drawn =
    deviation === undefined
      ? {}
      : { embeddingsInitializer: initializers.randomNormal({ stddev: deviation }) };
  const embed = (name: string, size: number, x: SymbolicTensor) => {
    const vectors = layers.embedding(size, features, { maskZero: true, name, ...drawn }).apply(x);
    return layers.dropout(dropout).apply(vectors);
  };
  const [encoded, state] = layers
    .gru(units, { returnSequences: true, returnState: true, name: 'encoder' })
    .apply<SymbolicTensor[]>(embed('source_vectors', from.size, source));
  const decoded = layers
    .gru(units, { returnSequences: true, name: 'decoder' })
    .apply(embed('target_vectors', to.size, target), { initialState: [state] });
  const [context] = attention
    ? layers
        .attention({ returnAttentionScores: true, name: 'attention' })
        .apply<SymbolicTensor[]>([decoded, encoded])
    : [];
  const seen = context ? layers.concatenate().apply([context, decoded]) : decoded;
  const combined = layers.dense(units, { activation: 'tanh' }).apply(seen);
  const outputs = layers
    .dense(to.size, { name: 'logits' })
    .apply(layers.dropout(dropout).apply(combined));
  // The target comes first, so that `generate` can make it.
  const made = model({ inputs: [target, source], outputs, seed });
  made.compile({
    optimizer: optimizers.adam({
      clipNorm: 1,
      learningRate: fallingAtTheEnd(learningRate, steps),
    }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return made;
}

/** From target and source to the weights of the attention, [batch, target steps, source steps]; null without attention. The weights are those of `trained`. */
export function alignerOf(trained: Model): Model | null {
  const call = trained.calls.find(({ layer }) => layer.name === 'attention');
  return call ? model({ inputs: trained.inputs, outputs: call.outputs[1] }) : null;
}

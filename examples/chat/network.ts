// A bidirectional encoder reads the lines. Its last states, joined, are the first state of a decoder, which says the answer word by word and looks at
// the lines as it does.
import { initializers, layers, losses, model, optimizers, schedules } from '../../src/index.ts';
import type { Model, SymbolicTensor } from '../../src/index.ts';
import type { Dialogue } from './dialogues.ts';
import { padded, START, STOP } from './words.ts';
import type { Words } from './words.ts';

export interface NetworkOptions {
  readonly vocabulary: number;
  readonly seed: number;
  /** Units of the encoder in each direction; the decoder has twice as many. */
  readonly units?: number;
  readonly learningRate: number;
  /** Steps of the training. */
  readonly steps: number;
}

const FEATURES = 32;

/** Ids of the answer so far [batch, time] and of the lines [batch, time] to logits of each next word of the answer. */
export function buildNetwork({
  vocabulary,
  seed,
  units = 64,
  learningRate,
  steps,
}: NetworkOptions): Model {
  const answer = layers.input({ shape: [null], dtype: 'int32', name: 'answer' });
  const lines = layers.input({ shape: [null], dtype: 'int32', name: 'lines' });
  // Larger than Keras' ±0.05, so that words differ from the start.
  const embeddingsInitializer = initializers.randomUniform({ min: -0.5, max: 0.5 });
  const embedded = () =>
    layers.embedding(vocabulary, FEATURES, { maskZero: true, embeddingsInitializer });
  const read = embedded().apply(lines);
  const encoder = layers.bidirectional(
    layers.gru(units, { returnSequences: true, returnState: true }),
    { name: 'encoder' },
  );
  const [encoded, ...ends] = encoder.apply<SymbolicTensor[]>(read);
  const said = embedded().apply(answer);
  const decoder = layers.gru(2 * units, { returnSequences: true, name: 'decoder' });
  const decoded = decoder.apply(said, { initialState: layers.concatenate().apply(ends) });
  const seen = layers.attention({ name: 'attention' }).apply([decoded, encoded]);
  const joined = layers.concatenate().apply([decoded, seen]);
  const outputs = layers.dense(vocabulary, { name: 'words' }).apply(joined);
  const network = model({ inputs: [answer, lines], outputs, seed });
  network.compile({
    optimizer: optimizers.adam({
      clipNorm: 1,
      learningRate: schedules.cosineDecay({
        initialLearningRate: learningRate,
        decaySteps: steps,
      }),
    }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return network;
}

/** What the network is trained on: it sees the right word before each that it is to say. */
export function samplesOf(dialogues: readonly Dialogue[], words: Words) {
  const answers = dialogues.map(({ answer }) => words.idsOf(answer));
  const lines = dialogues.map((one) => words.idsOfLines(one.lines));
  return {
    x: {
      answer: padded(answers.map((ids) => [START, ...ids])),
      lines: padded(lines),
    },
    y: padded(answers.map((ids) => [...ids, STOP])),
  };
}

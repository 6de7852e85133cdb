// A convolutional network sees the picture, and what it has seen is the state that a recurrent network begins its sentence with.
import { generate } from '../../src/generate/index.ts';
import { layers, losses, model, optimizers, schedules } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { SIZE } from './drawing.ts';
import type { Samples } from './samples.ts';
import { END, START } from './words.ts';
import type { Words } from './words.ts';

export interface CaptionerOptions {
  readonly frames: number;
  readonly seed: number;
  readonly learningRate: number;
  /** Of the whole training: the learning rate falls to 0 over them. */
  readonly steps: number;
}

const UNITS = 128;

/** Of a film, the network sees each frame by itself, and a recurrent one what becomes of them. */
export function buildCaptioner(
  words: Words,
  { frames, seed, learningRate, steps }: CaptionerOptions,
): Model {
  const film = frames > 1;
  const shape = [...(film ? [frames] : []), SIZE, SIZE, 3];
  const before = layers.input({ shape: [null], dtype: 'int32', name: 'words' });
  const pictures = layers.input({ shape, name: 'pictures' });
  const sight = [
    layers.conv2D(16, 3, { padding: 'same', activation: 'relu' }),
    layers.maxPooling2D(2),
    layers.conv2D(32, 3, { padding: 'same', activation: 'relu' }),
    layers.maxPooling2D(2),
    layers.conv2D(64, 3, { padding: 'same', activation: 'relu' }),
    layers.maxPooling2D(2),
    layers.flatten(),
    layers.dense(UNITS, { activation: 'tanh' }),
  ];
  let seen = pictures;
  for (const layer of sight) seen = (film ? layers.timeDistributed(layer) : layer).apply(seen);
  if (film) seen = layers.gru(UNITS).apply(seen);
  const vectors = layers.embedding(words.all.length, 32, { maskZero: true }).apply(before);
  const states = layers
    .gru(UNITS, { returnSequences: true })
    .apply(vectors, { initialState: [seen] });
  const outputs = layers.dense(words.all.length).apply(states);
  const captioner = model({ inputs: [before, pictures], outputs, seed });
  captioner.compile({
    optimizer: optimizers.adam({
      learningRate: schedules.cosineDecay({ initialLearningRate: learningRate, decaySteps: steps }),
      clipNorm: 1,
    }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return captioner;
}

/** The sentences that the network makes of pictures, each word the likeliest. */
export async function captionsOf(
  captioner: Model,
  { pictures, captions }: Samples,
  words: Words,
): Promise<string[]> {
  const { sequences } = await generate(captioner, {
    prefix: captions.map(() => [START]),
    inputs: { pictures },
    maxNewTokens: words.longest + 1,
    stopTokens: [END],
  });
  return sequences.map((ids) => words.textOf(ids));
}

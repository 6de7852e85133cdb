import { backward, generate, input, layers, losses, model, optimizers } from 'gatefold';
import { Random, scope, tensor, variable } from 'gatefold';
import type { Model } from 'gatefold';
import { END, samples, seen, SIZE, START, words } from './pictures.ts';

export interface Settings {
  units: number;
  learningRate: number;
  seed: number;
}

/** What is seen in the picture is the state that a recurrent network begins its sentence with. */
export function build({ units, learningRate, seed }: Settings): Model {
  const before = input({ shape: [null], dtype: 'int32', name: 'words' });
  const picture = input({ shape: [SIZE, SIZE, 3], name: 'picture' });
  let sight = picture;
  for (const filters of [12, 24, 48]) {
    sight = layers.conv2D(filters, 3, { padding: 'same', activation: 'relu' }).apply(sight);
    sight = layers.maxPooling2D(2).apply(sight);
  }
  const begin = layers.dense(units, { activation: 'tanh' }).apply(layers.flatten().apply(sight));
  const vectors = layers.embedding(words.all.length, 24, { maskZero: true }).apply(before);
  const states = layers
    .gru(units, { returnSequences: true, name: 'memory' })
    .apply(vectors, { initialState: [begin] });
  const outputs = layers.dense(words.all.length).apply(states);
  const network = model({ inputs: [before, picture], outputs, seed });
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return network;
}

/** New pictures at each step. */
export const batch = ({ seed }: Settings, step: number) =>
  samples(seen, 24, new Random(seed * 1_000_000 + step));

/** The words for a picture, each the likeliest. */
export async function describe(network: Model, pixels: Float32Array): Promise<number[]> {
  const { sequences } = await generate(network, {
    ...{ prefix: [[START]], inputs: { picture: { data: pixels, shape: [1, SIZE, SIZE, 3] } } },
    ...{ maxNewTokens: words.longest + 1, stopTokens: [END], forbiddenTokens: [0, START] },
  });
  return [...sequences[0]];
}

/** How the score of each word changes with each pixel: a picture for each word, and the gradient of that word in it. */
export async function gaze(network: Model, pixels: Float32Array, said: readonly number[]) {
  const rows = said.length;
  const shape = [rows, SIZE, SIZE, 3];
  const pictures = variable(Float32Array.from({ length: rows * pixels.length }, (_, i) => pixels[i % pixels.length]), { shape }); // prettier-ignore
  const before = said.map(() => [START, ...said.slice(0, -1)]);
  const asked = new Float32Array(rows * rows * words.all.length);
  said.forEach((word, t) => (asked[(t * rows + t) * words.all.length + word] = 1));
  const gradient = scope(() => {
    const scores = network.call([before, pictures]);
    return backward(scores, [tensor(asked, scores.shape)]).get(pictures)!;
  });
  const data = Float32Array.from(await gradient.data());
  gradient.dispose();
  pictures.dispose();
  return data;
}

import { backward, scope, tensor, variable } from 'gatefold';
import { generate } from 'gatefold/generate';
import type { Model } from 'gatefold';
import { END, SIZE, START, words } from './pictures.ts';

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

import { Random } from 'gatefold';
import type { Lesson } from '../frame/lesson.ts';
import { describe, gaze } from './answers.ts';
import { pixelsOf, samples, SIZE, unseen, words } from './pictures.ts';
import * as program from './program.ts';
import { sceneOf, SIZES } from './scene.ts';
import { settings } from './settings.ts';

export interface View {
  /** What the network sees: red, green and blue of every pixel, from 0 to 1. */
  readonly pixels: Float32Array;
  readonly size: number;
  readonly words: readonly string[];
  /** For each word, how much its score changes with each pixel: from 0 to 1, the largest. */
  readonly gaze: readonly Float32Array[];
}

const TESTED = 48;

/** The lengths of the gradients of all pixels, in parts of the largest. */
function lengths(gradient: Float32Array): Float32Array {
  const found = Float32Array.from({ length: SIZE * SIZE }, (_, i) =>
    Math.hypot(...gradient.subarray(3 * i, 3 * i + 3)),
  );
  const most = found.reduce((largest, value) => Math.max(largest, value), 0) || 1;
  return found.map((value) => value / most);
}

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: () => 24 * 7,
  async heldOut(model) {
    const { x, y } = samples(unseen, TESTED, new Random(1));
    const { loss, accuracy } = await model.evaluate(x, y, { batchSize: TESTED, verbose: 0 });
    return { loss, accuracy };
  },
  async view(model, { scene }) {
    const figures = sceneOf(scene as string).map(({ size, x, y, ...thing }) => ({
      ...{ ...thing, radius: SIZES[size], x: x / 100, y: y / 100 },
    }));
    const pixels = pixelsOf(figures);
    const said = await describe(model, pixels);
    const gradients = said.length > 0 ? await gaze(model, pixels, said) : [];
    const count = pixels.length;
    return {
      ...{ pixels, size: SIZE, words: said.map((id) => words.all[id]) },
      gaze: said.map((_, t) => lengths((gradients as Float32Array).subarray(t * count, (t + 1) * count))), // prettier-ignore
    };
  },
};

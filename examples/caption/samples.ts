// Batches of pictures or films with their sentences, each drawn anew.
import { Random } from '../../src/index.ts';
import { draw, SIZE } from './drawing.ts';
import type { Combination } from './scenes.ts';
import { END, START } from './words.ts';
import type { Words } from './words.ts';

export interface Samples {
  readonly captions: readonly string[];
  /** [samples, SIZE, SIZE, 3], or [samples, frames, SIZE, SIZE, 3] */
  readonly pictures: { readonly data: Float32Array; readonly shape: readonly number[] };
}

export function samplesOf(chosen: readonly Combination[], frames: number, random: Random): Samples {
  const drawn = chosen.map((one) => draw(one.place(random, frames), random));
  const data = new Float32Array(drawn.length * drawn[0].length);
  drawn.forEach((pixels, i) => data.set(pixels, i * pixels.length));
  const shape = [drawn.length, ...(frames > 1 ? [frames] : []), SIZE, SIZE, 3];
  return { captions: chosen.map(({ caption }) => caption), pictures: { data, shape } };
}

/** What the network takes and what it is to give: each word from the picture and the words before it. */
export function batchOf({ captions, pictures }: Samples, words: Words) {
  const steps = words.longest + 1;
  const rows = captions.map((caption) => words.idsOf(caption));
  const padded = (ids: readonly number[]) =>
    Int32Array.from({ length: steps }, (_, t) => ids[t] ?? 0);
  return {
    x: [rows.map((ids) => padded([START, ...ids])), pictures],
    y: rows.map((ids) => padded([...ids, END])),
  };
}

export interface Drawing {
  readonly frames: number;
  readonly batchSize: number;
  readonly steps: number;
  readonly seed: number;
}

/** A function from an epoch's number to its batches, so that a resumed training gets the same ones. */
export function batchesOf(
  seen: readonly Combination[],
  words: Words,
  { frames, batchSize, steps, seed }: Drawing,
) {
  return function* (epoch: number) {
    const random = new Random(seed * 100_000 + epoch + 1);
    for (let step = 0; step < steps; step++) {
      const chosen = Array.from({ length: batchSize }, () => seen[random.integer(seen.length)]);
      yield batchOf(samplesOf(chosen, frames, random), words);
    }
  };
}

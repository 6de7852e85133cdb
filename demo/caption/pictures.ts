/** Pictures of a few coloured shapes and the sentences for them, made up. */
import { Random } from 'gatefold';
import { draw, SIZE } from '../../examples/caption/drawing.ts';
import { batchOf, samplesOf } from '../../examples/caption/samples.ts';
import { combinations, split } from '../../examples/caption/scenes.ts';
import type { Combination, Figure } from '../../examples/caption/scenes.ts';
import { END, START, Words } from '../../examples/caption/words.ts';
import { COLOURS, SHAPES } from './scene.ts';

export { END, SIZE, START };

/** Of three colours and three shapes: one to three of a kind, or one thing beside another. */
const all = combinations(1).filter(({ caption }) => !/green|white|triangle/.test(caption));
if (all.length !== 3 * 9 + 4 * 9 * 8 || COLOURS.length * SHAPES.length !== 9)
  throw new Error(`expected the sentences of nine things, got ${all.length}`);

export const words = new Words(all);
const parts = split(all, new Random(1));
/** Of the unseen sentences no picture is trained on. */
export const { seen, unseen } = parts;

/** So many pictures of some of the sentences: what the network is given and asked for. */
export function samples(from: readonly Combination[], rows: number, random: Random) {
  const chosen = Array.from({ length: rows }, () => from[random.integer(from.length)]);
  return batchOf(samplesOf(chosen, 1, random), words);
}

/** Always the same background. */
export const pixelsOf = (figures: readonly Figure[]): Float32Array =>
  draw([figures], new Random(3));

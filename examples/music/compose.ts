// Composes: frame by frame, each key sounds with the probability that the network gives it.
import { Random } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { KEYS } from './chorales.ts';
import type { Piece } from './chorales.ts';

export interface ComposeOptions {
  /** Frames that are given; the network goes on from them. */
  readonly opening: Piece;
  /** Of the whole piece, the opening included. */
  readonly frames: number;
  readonly seed: number;
}

export async function compose(
  network: Model,
  { opening, frames, seed }: ComposeOptions,
): Promise<Piece> {
  const random = new Random(seed);
  const stream = network.stream();
  const piece: number[][] = [];
  let before: readonly number[] = [];
  for (let t = 0; t < frames; t++) {
    const x = new Float32Array(KEYS);
    for (const key of before) x[key] = 1;
    const logits = await stream.step(x);
    const sounding = Array.from(logits.keys()).filter(
      (key) => random.uniform() < 1 / (1 + Math.exp(-logits[key])),
    );
    piece.push([...(opening[t] ?? sounding)]);
    before = piece[t];
  }
  stream.dispose();
  return piece;
}

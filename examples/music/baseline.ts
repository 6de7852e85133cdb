// What needs no network: the last frame again, each key with the probability with which it changed in the training pieces.
import { KEYS, rollOf } from './chorales.ts';
import type { Piece } from './chorales.ts';

/** How likely each key sounds, by whether it sounded in the frame before. */
export interface Flips {
  readonly afterSilence: readonly number[];
  readonly afterSound: readonly number[];
}

/** Fitted by counting, key by key; the frame before the first one is silent. */
export function fitFlips(pieces: readonly Piece[]): Flips {
  const zeros = () => new Float64Array(KEYS);
  const frames = [zeros(), zeros()];
  const sounding = [zeros(), zeros()];
  for (const piece of pieces)
    transitions(piece, (key, before, now) => {
      frames[before][key]++;
      sounding[before][key] += now;
    });
  // Half a frame of each kind is added, so that no probability is 0 or 1.
  const shares = (before: number) =>
    Array.from(frames[before], (count, key) => (sounding[before][key] + 0.5) / (count + 1));
  return { afterSilence: shares(0), afterSound: shares(1) };
}

/** The mean negative log-likelihood of a frame in nats, the first frames of pieces included. */
export function natsByFlips(pieces: readonly Piece[], { afterSilence, afterSound }: Flips): number {
  let [nats, frames] = [0, 0];
  for (const piece of pieces) {
    frames += piece.length;
    transitions(piece, (key, before, now) => {
      const p = before ? afterSound[key] : afterSilence[key];
      nats -= Math.log(now ? p : 1 - p);
    });
  }
  return nats / frames;
}

/** Calls `use` for every key of every frame, with whether it sounded before and sounds now. */
function transitions(piece: Piece, use: (key: number, before: number, now: number) => void): void {
  const roll = rollOf(piece);
  for (let i = 0; i < roll.length; i++) use(i % KEYS, i < KEYS ? 0 : roll[i - KEYS], roll[i]);
}

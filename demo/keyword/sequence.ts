// From recordings to what the network is given and asked for.
import type { Random } from 'gatefold';
import type { Spoken } from './sounds.ts';

/** Frames of 20 ms in a sequence, and after a word, in which it is to be named. */
const [LENGTH, NAMED] = [100, 12];

/** Decibels of ordinary speech become numbers around 0. */
export const scaled = (frame: Float32Array, louder = 0) => frame.map((dB) => (dB + louder + 20) / 20); // prettier-ignore

/** Words with silence around them, now louder and now softer. For a quarter of a second after its end, a word is to be named. */
export function sequence(
  spoken: () => Spoken,
  words: readonly string[],
  random: Random,
  length = LENGTH,
) {
  const x: Float32Array[] = [];
  const y: number[] = [];
  const louder = random.uniform(-8, 8);
  while (x.length < length) {
    const { word, frames, silence } = spoken();
    const hiss = () =>
      silence[random.integer(silence.length)].map((dB) => dB + random.normal(0, 2));
    const quiet = (count: number) => Array.from({ length: count }, hiss);
    const put = (some: readonly Float32Array[], label: number) => {
      x.push(...some.map((frame) => scaled(frame, louder)));
      y.push(...some.map(() => label));
    };
    put(quiet(8 + random.integer(16)), 0);
    put(frames, 0);
    put(quiet(NAMED), 1 + words.indexOf(word));
  }
  return { x: x.slice(0, length).map((frame) => [...frame]), y: y.slice(0, length) };
}

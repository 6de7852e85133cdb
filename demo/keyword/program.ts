import { layers, losses, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { recordingsOf } from './sounds.ts';
import type { Spoken } from './sounds.ts';
import { BANDS, wordsOf } from './words.ts';

export interface Settings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  words: string;
  units: number;
  learningRate: number;
  seed: number;
}

/** Frames of 20 ms in a sequence, and after a word, in which it is to be named. */
const [LENGTH, NAMED] = [100, 12];

/** From sound to what was said just now: at each frame a score for nothing and for each word. */
export function build({ cell, words, units, learningRate, seed }: Settings): Model {
  const network = sequential(
    [
      layers.input({ shape: [null, BANDS] }),
      layers[cell](units, { returnSequences: true, name: 'ear' }),
      layers.dense(1 + wordsOf(words).length),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return network;
}

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

export function batch({ words, seed }: Settings, step: number) {
  const random = new Random(seed * 1_000_000 + step);
  const { training } = recordingsOf(wordsOf(words));
  const any = () => training[random.integer(training.length)];
  const made = Array.from({ length: 16 }, () => sequence(any, wordsOf(words), random));
  return { x: made.map(({ x }) => x), y: made.map(({ y }) => y) };
}

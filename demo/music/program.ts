import { generate, layers, losses, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { PHRASE, TRAINING } from './chorales.ts';
import { BEATS, LOWEST, NOTES, VOICES } from './pitches.ts';

export interface Settings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  learningRate: number;
  seed: number;
}

/** From the notes so far to the next one. Before the first note stands a 0. */
export function build({ cell, units, learningRate, seed }: Settings): Model {
  const network = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(NOTES + 1, 32),
      layers[cell](units, { returnSequences: true, name: 'memory' }),
      layers.dense(NOTES + 1),
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

const LENGTH = VOICES * BEATS;

/** Parts of chorales, each from the beginning of a phrase on. */
export function parts(chorales: readonly number[][], rows: number, random: Random) {
  const chosen = Array.from({ length: rows }, () => {
    const chorale = chorales[random.integer(chorales.length)];
    const phrases = Math.floor((chorale.length - LENGTH) / (VOICES * PHRASE)) + 1;
    const from = VOICES * PHRASE * random.integer(phrases);
    return chorale.slice(from, from + LENGTH);
  });
  return { x: chosen.map((notes) => [0, ...notes.slice(0, -1)]), y: chosen };
}
export const batch = ({ seed }: Settings, step: number) =>
  parts(TRAINING, 16, new Random(seed * 1_000_000 + step));

/** The soprano sings the melody as long as it lasts; the network draws every other note by its probability. */
export async function harmonize(
  network: Model,
  melody: readonly number[],
  options: { temperature: number; seed: number },
): Promise<number[]> {
  const given = melody.flatMap((pitch) => [pitch - LOWEST + 1, null, null, null]);
  const { sequences } = await generate(network, {
    ...{ prefix: [[0]], forcedTokens: given, forbiddenTokens: [0] },
    ...{ maxNewTokens: LENGTH, doSample: true, ...options },
  });
  return sequences[0].map((id) => id - 1 + LOWEST);
}

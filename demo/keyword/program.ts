import { layers, losses, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { sequence } from './sequence.ts';
import type { ProgramSettings } from './settings.ts';
import { recordingsOf } from './sounds.ts';
import { BANDS, wordsOf } from './words.ts';

/** From sound to what was said just now: at each frame a score for nothing and for each word. */
export function build({ cell, words, units, learningRate, seed }: ProgramSettings): Model {
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

/** Words with silence around them; each is to be named for a quarter of a second after its end. */
export function batch({ words, seed }: ProgramSettings, step: number) {
  const random = new Random(seed * 1_000_000 + step);
  const { training } = recordingsOf(wordsOf(words));
  const any = () => training[random.integer(training.length)];
  const made = Array.from({ length: 16 }, () => sequence(any, wordsOf(words), random));
  return { x: made.map(({ x }) => x), y: made.map(({ y }) => y) };
}

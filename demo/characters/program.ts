import { layers, losses, optimizers, sequential } from 'gatefold';
import { generate } from 'gatefold/generate';
import type { Model } from 'gatefold';
import type { ProgramSettings } from './settings.ts';
import { alphabetOf, encode, pieces } from './text.ts';

/** From each character to the next one. */
export function build({ cell, units, text, learningRate, seed }: ProgramSettings): Model {
  const size = alphabetOf(text).length;
  const network = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(size, 24),
      layers[cell](units, { returnSequences: true, name: 'memory' }),
      layers.dense(size),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  });
  return network;
}

/** Sixteen readers, each in a part of the text, who go on where they were. */
export function batch({ text, time }: ProgramSettings, step: number) {
  return { x: pieces(text, time, step, 0), y: pieces(text, time, step, 1) };
}

/** What the network writes by itself. */
export async function write(network: Model, text: string, temperature: number, length: number) {
  const alphabet = alphabetOf(text);
  const { sequences } = await generate(network, {
    prefix: [[...encode(text[0], alphabet)]],
    ...{ maxNewTokens: length, doSample: true, temperature, seed: 1, forbiddenTokens: [0] },
  });
  return text[0] + sequences[0].map((id) => alphabet[id]).join('');
}

import { generate, layers, losses, optimizers, sequential } from 'gatefold';
import type { Model } from 'gatefold';

export interface Settings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  text: string;
  /** Characters in a row of a batch. */
  time: number;
  learningRate: number;
  seed: number;
}

const ROWS = 16;

/** Every character of the text has an id; 0 is what stands for none. */
export const alphabetOf = (text: string): string[] => ['', ...[...new Set(text)].sort()];
export const encode = (text: string, alphabet: readonly string[]): Int32Array =>
  Int32Array.from(text, (character) => Math.max(0, alphabet.indexOf(character)));

/** From each character to the next one. */
export function build({ cell, units, text, learningRate, seed }: Settings): Model {
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
export function batch({ text, time }: Settings, step: number) {
  const ids = encode(text, alphabetOf(text));
  const part = Math.floor((ids.length - 1) / ROWS);
  const length = Math.min(time, part);
  const begin = (step * length) % (part - length + 1);
  const rows = (shift: number) =>
    Array.from({ length: ROWS }, (_, row) => {
      const from = row * part + begin + shift;
      return Array.from(ids.subarray(from, from + length));
    });
  return { x: rows(0), y: rows(1) };
}

/** What the network writes by itself. */
export async function write(
  network: Model,
  settings: Settings,
  temperature: number,
  length: number,
) {
  const alphabet = alphabetOf(settings.text);
  const { sequences } = await generate(network, {
    prefix: [[...encode(settings.text[0], alphabet)]],
    ...{ maxNewTokens: length, doSample: true, temperature, seed: 1, forbiddenTokens: [0] },
  });
  return settings.text[0] + sequences[0].map((id) => alphabet[id]).join('');
}

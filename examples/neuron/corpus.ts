// The text to train on: made up, or a file (in Node and Deno).
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Random } from '../../src/index.ts';
import { inventText } from './invent.ts';

/** Of a file, a part of so many characters in every so many is held out. */
const [PART, HELD_OUT_EVERY] = [4000, 10];

export interface Corpus {
  readonly train: string;
  readonly heldOut: string;
}

export async function readCorpus(file: string | undefined, seed: number): Promise<Corpus> {
  if (file === undefined) {
    const random = new Random(seed);
    return { train: inventText(80_000, random), heldOut: inventText(12_000, random) };
  }
  const text = await readFile(resolve(file), 'utf8');
  if (text.length <= PART)
    throw new Error(`--data: expected a text of more than ${PART} characters, got ${text.length}`);
  const parts = Array.from({ length: Math.ceil(text.length / PART) }, (_, i) =>
    text.slice(i * PART, (i + 1) * PART),
  );
  const isHeldOut = (i: number) => i % HELD_OUT_EVERY === 1;
  return {
    train: parts.filter((_, i) => !isHeldOut(i)).join(''),
    heldOut: parts.filter((_, i) => isHeldOut(i)).join(''),
  };
}

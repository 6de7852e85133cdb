// Reads names with their languages (in Node and Deno), or makes them up.
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readTsv } from '../../src/data/index.ts';
import { Random } from '../../src/index.ts';
import { inventNames } from './invent.ts';
import type { Name } from './split.ts';

/** How many names are made up. */
const MADE_UP = 4000;

/** @param path of names.tsv.gz, or of a folder with it; undefined makes names up */
export async function readNames(path: string | undefined, seed: number): Promise<Name[]> {
  if (path === undefined) return inventNames(MADE_UP, new Random(seed));
  const from = resolve(path);
  const isFolder = (await stat(from).catch(() => null))?.isDirectory();
  const file = isFolder ? join(from, 'names.tsv.gz') : from;
  const names = await readTsv(file, { columns: ['language', 'name'] }).toArray();
  if (new Set(names.map(({ language }) => language)).size < 2)
    throw new Error(`${file}: expected names of at least two languages`);
  return names;
}

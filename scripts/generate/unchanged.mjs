// Whether the generated modules are those of the present sources: reading all shaders takes ten seconds, and programs start often.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './sources.mjs';

const stamp = join(root, '.cache/generated.txt');

const filesOf = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Of everything that is read and written, so that a module that was deleted or edited is made again too. */
function digest() {
  const hash = createHash('sha256');
  const files = ['shaders', 'src', 'scripts/generate'].flatMap(filesOf);
  for (const file of [
    join(root, 'package-lock.json'),
    join(root, 'scripts/generate.mjs'),
    ...files,
  ])
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

export const isUnchanged = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === digest();

/** To be called when all modules are written without an error. */
export function remember() {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest());
}

// The WGSL of shaders/, and how a program is linked from it: src/webgpu/link.ts does the same on the device.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** By path in shaders/ without `.wgsl`. */
export const sources = Object.fromEntries(
  readdirSync(join(root, 'shaders'), { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.wgsl'))
    .sort()
    .map((path) => [path.slice(0, -5), readFileSync(join(root, 'shaders', path), 'utf8')]),
);

/** Paths of the kernels: what has an entry. A kernel's name is its path with `_` for `/`. */
export const kernelPaths = Object.keys(sources).filter((path) => /^@compute/m.test(sources[path]));
export const kernelName = (path) => path.replaceAll('/', '_');

/** `#import FILE` imports a file; `#import SLOT: FOLDER/DEFAULT` whatever fills a slot. */
export const IMPORT = /^#import (?:(\w+): )?(\S+)$/gm;

/** What the names in the files of a folder begin with: `map` in maps/. */
export const prefixOf = (folder) => folder.slice(0, -1);

/**
 * The text of a file with its imports, each once. A file that fills a slot by another name than its folder's prefix has its names
 * begin with the slot's: `map_gradient` becomes `activation_gradient`, `MAP_DEFAULTS` becomes `ACTIVATION_DEFAULTS`.
 *
 * @param slots by slot, the path of the file that fills it, where that is not the default
 */
export function link(path, slots = {}, seen = new Set()) {
  return sources[path].replace(IMPORT, (_, slot, wanted) => {
    const target = slots[slot] ?? wanted;
    if (!(target in sources))
      throw new Error(`shaders/${path}.wgsl imports '${target}', which is not there`);
    const key = slot ? `${slot}:` : target;
    if (seen.has(key)) return '';
    seen.add(key);
    const text = link(target, slots, seen);
    return slot ? renamed(text, prefixOf(target.split('/')[0]), slot) : text;
  });
}

function renamed(text, from, to) {
  if (from === to) return text;
  return text
    .replace(new RegExp(`\\b${from}(?=_|\\b)`, 'g'), to)
    .replace(new RegExp(`\\b${from.toUpperCase()}_`, 'g'), `${to.toUpperCase()}_`);
}

/** Constants that the host may set. */
export const constantsOf = (text) =>
  Object.fromEntries(
    [...text.matchAll(/^const ([A-Z][A-Z0-9_]*): u32 = (\d+)u;/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ]),
  );

/** Names of module scope, in their order. */
export const declarationsOf = (text) =>
  [...text.matchAll(/^(?:@.*)?(?:fn|const|override|struct|alias|var(?:<[^>]*>)?) (\w+)/gm)].map(
    ([, name]) => name,
  );

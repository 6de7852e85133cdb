// The slots of the kernels and the files that can fill them. The names in maps/ and rules/ begin with `map` and `rule`.
import { declarationsOf, IMPORT, prefixOf, sources } from './sources.mjs';

/** Names in these folders are free. */
const FREE = ['cells'];

/** By slot: the folder that fills it. */
export const slots = {};
for (const [path, text] of Object.entries(sources))
  for (const [, slot, wanted] of text.matchAll(IMPORT)) {
    if (!slot) continue;
    const folder = wanted.split('/')[0];
    slots[slot] ??= folder;
    if (slots[slot] !== folder)
      throw new Error(
        `shaders/${path}.wgsl fills the slot '${slot}' from ${folder}/, another file from ${slots[slot]}/`,
      );
  }

/** The folders that fill slots, and maps/, which the twins need too. */
export const folders = [...new Set(['maps', ...Object.values(slots)])].sort();

/** Paths of the files in a folder. */
export const filesOf = (folder) =>
  Object.keys(sources).filter((path) => path.startsWith(`${folder}/`));

/** What the host calls a file that fills a slot: cells by their file's name, everything else in camelCase. */
export function nameOf(path) {
  const [folder, name] = path.split('/');
  return FREE.includes(folder) ? name : camel(name);
}
export const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The slots of a program: of a kernel, and of everything that it can import. */
export function slotsIn(path, seen = new Set()) {
  if (seen.has(path)) return [];
  seen.add(path);
  const found = [...sources[path].matchAll(IMPORT)].flatMap(([, slot, wanted]) =>
    slot
      ? [slot, ...filesOf(slots[slot]).flatMap((file) => slotsIn(file, seen))]
      : slotsIn(wanted, seen),
  );
  return [...new Set(found)];
}

/** Throws where a file declares a name that does not begin as its folder asks. */
export function checkPrefixes() {
  for (const folder of folders) {
    if (FREE.includes(folder)) continue;
    const prefix = prefixOf(folder);
    const right = new RegExp(`^(${prefix}(_\\w+)?|${prefix.toUpperCase()}_\\w+)$`);
    for (const path of filesOf(folder))
      for (const name of declarationsOf(sources[path]))
        if (!right.test(name))
          throw new Error(
            `shaders/${path}.wgsl declares '${name}': names in ${folder}/ are ${prefix}, ${prefix}_… and ${prefix.toUpperCase()}_…; ` +
              'what several files need goes to lib/',
          );
  }
}
